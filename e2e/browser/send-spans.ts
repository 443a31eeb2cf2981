/** Traces of any shape and size, sent to a real Clew as OTLP over HTTP. */
import type { AttributeValue, ResourceSpans, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';

/** One span; times are nanoseconds from the trace's start. */
export interface PlannedSpan {
  readonly service: string;
  readonly name: string;
  /** Number of the parent in the trace, or a span id nobody sends, or undefined for a root. */
  readonly parent?: number | string;
  readonly start: number;
  readonly duration: number;
  readonly error?: boolean;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** Spans of one request: small enough for any receiver. */
const SPANS_PER_REQUEST = 10_000;

let traces = 0;

/** Sends the spans in order as one trace, by default a new one that began a minute ago; returns its id. */
export async function sendTrace(
  otlpHttp: string,
  spans: Iterable<PlannedSpan>,
  { agoMs = 60_000, traceId = newTraceId() }: { readonly agoMs?: number; readonly traceId?: string } = {},
): Promise<TraceId> {
  const startNano = BigInt(Date.now() - agoMs) * 1_000_000n;
  let batch: PlannedSpan[] = [];
  let sent = 0;
  const flush = async (): Promise<void> => {
    await post(otlpHttp, encodeBatch(traceId as TraceId, startNano, batch, sent));
    sent += batch.length;
    batch = [];
  };
  for (const span of spans) if (batch.push(span) === SPANS_PER_REQUEST) await flush();
  if (batch.length > 0) await flush();
  return traceId as TraceId;
}

function newTraceId(): string {
  return `${(++traces).toString(16).padStart(8, '0')}${Date.now().toString(16).padStart(24, '0')}`;
}

/** The id of the n-th span of every trace sent from here. */
function spanIdOf(number: number): SpanId {
  return (number + 1).toString(16).padStart(16, '0') as SpanId;
}

function encodeBatch(
  traceId: TraceId,
  startNano: bigint,
  batch: readonly PlannedSpan[],
  firstNumber: number,
): Uint8Array {
  const byService = new Map<string, Span[]>();
  batch.forEach((planned, at) => {
    const spans = byService.get(planned.service) ?? [];
    if (spans.length === 0) byService.set(planned.service, spans);
    spans.push(spanOf(traceId, startNano, planned, spanIdOf(firstNumber + at)));
  });
  const resourceSpans: ResourceSpans[] = [...byService].map(([service, spans]) => ({
    resource: {
      attributes: [{ key: 'service.name', value: { type: 'string', value: service } }],
      droppedAttributesCount: 0,
    },
    scopeSpans: [
      { scope: { name: 'e2e', version: '', attributes: [], droppedAttributesCount: 0 }, spans, schemaUrl: '' },
    ],
    schemaUrl: '',
  }));
  const data: TraceData = { resourceSpans };
  return encodeOtlpProtobuf(data);
}

function spanOf(traceId: TraceId, startNano: bigint, planned: PlannedSpan, spanId: SpanId): Span {
  const { parent } = planned;
  const start = startNano + BigInt(Math.round(planned.start));
  return {
    traceId,
    spanId,
    parentSpanId: typeof parent === 'number' ? spanIdOf(parent) : ((parent ?? '') as SpanId),
    traceState: '',
    flags: 0,
    name: planned.name,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round(planned.duration)),
    attributes: Object.entries(planned.attributes ?? {}).map(([key, value]) => ({ key, value: attributeValue(value) })),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: planned.error === true ? 2 : 0, message: planned.error === true ? 'it failed' : '' },
  };
}

function attributeValue(value: string | number | boolean): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  return Number.isInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
}

async function post(otlpHttp: string, body: Uint8Array): Promise<void> {
  const answer = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: body as Uint8Array<ArrayBuffer>,
  });
  if (!answer.ok) throw new Error(`sending spans: ${answer.status} ${await answer.text()}`);
}

/**
 * A long batch job: one root over `orders`, each with five steps of three calls; 24 services. About 21 spans an order,
 * exactly `count` in all. The last one is named `last call`.
 */
export function* planBatchJob(count: number): Generator<PlannedSpan> {
  const orderNano = 20_000_000;
  const orders = Math.ceil((count - 1) / 21);
  yield { service: 'batch', name: 'run batch', start: 0, duration: orders * orderNano };
  let number = 1;
  const named = (name: string): string => (number === count - 1 ? 'last call' : name);
  for (let order = 0; number < count; order++) {
    const orderNumber = number;
    const start = order * orderNano;
    yield { service: 'orders', name: named('handle order'), parent: 0, start, duration: orderNano * 0.9 };
    if (++number === count) return;
    for (let step = 0; step < 5; step++) {
      const stepNumber = number;
      const stepStart = start + step * 3_000_000;
      const service = `service-${(order + step) % 22}`;
      yield {
        service,
        name: named(`step ${step}`),
        parent: orderNumber,
        start: stepStart,
        duration: 2_800_000,
        error: order % 100 === 7 && step === 3,
      };
      if (++number === count) return;
      for (let call = 0; call < 3; call++) {
        yield {
          service,
          name: named(`call ${(order * 7 + call) % 380}`),
          parent: stepNumber,
          start: stepStart + call * 900_000,
          duration: 700_000,
          attributes: { 'order.number': order, 'db.system.name': 'postgresql' },
        };
        if (++number === count) return;
      }
    }
  }
}
