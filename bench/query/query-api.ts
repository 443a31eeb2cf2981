/** The two questions that every trace store answers: the trace of an id, and the newest traces that match. */
export interface QueryApi {
  /** Spans found of this trace; 0 when it is not there. */
  countTraceSpans(traceId: string): Promise<number>;
  /** Ids of the newest matching traces, `limit` at most, as the store wrote them. */
  search(question: Question): Promise<readonly string[]>;
}

export interface Question {
  readonly service?: string;
  /** A span of at least this duration. */
  readonly minDurationMs?: number;
  /** A span attribute with this text. */
  readonly attribute?: { readonly key: string; readonly value: string };
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly limit: number;
}

const REQUEST_TIMEOUT_MS = 60_000;
const SHOWN_CHARACTERS = 300;

/** JSON of a GET; undefined for 404. @throws Error with the address and the beginning of any other answer. */
export async function getJson<T>(url: string): Promise<T | undefined> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const answer = await fetch(url, { headers: { Accept: 'application/json' }, signal });
  const text = await answer.text();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`GET ${url}: HTTP ${answer.status}: ${text.slice(0, SHOWN_CHARACTERS)}`);
  return JSON.parse(text) as T;
}

/** TraceQL that asks this, as Clew and Tempo read it. */
export function traceqlOf({ service, minDurationMs, attribute }: Question): string {
  const conditions: string[] = [];
  if (service !== undefined) conditions.push(`resource.service.name = ${JSON.stringify(service)}`);
  if (minDurationMs !== undefined) conditions.push(`duration > ${minDurationMs}ms`);
  if (attribute !== undefined) conditions.push(`span.${attribute.key} = ${JSON.stringify(attribute.value)}`);
  return conditions.length === 0 ? '{ }' : `{ ${conditions.join(' && ')} }`;
}

interface OtlpJson {
  readonly resourceSpans?: readonly ResourceSpansJson[];
  /** What Tempo calls them in its first version. */
  readonly batches?: readonly ResourceSpansJson[];
}
interface ResourceSpansJson {
  readonly scopeSpans?: readonly { readonly spans?: readonly unknown[] }[];
}

/** Spans in OTLP JSON. */
export function countOtlpSpans({ resourceSpans, batches }: OtlpJson): number {
  let count = 0;
  for (const { scopeSpans = [] } of resourceSpans ?? batches ?? []) {
    for (const { spans = [] } of scopeSpans) count += spans.length;
  }
  return count;
}
