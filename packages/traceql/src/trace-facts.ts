import { durationNano, type Resource, type Span, serviceName, type TraceData, type TraceId } from '@clew/model';
import { compareText } from './compare-statics.ts';

/** What the intrinsics of a whole trace read. */
export interface TraceFacts {
  /** Latest end − earliest start over all spans, nanoseconds, signed 64 bits. */
  readonly durationNano: bigint;
  /** The root span's name; undefined where the trace has no root. */
  readonly rootName: string | undefined;
  readonly rootServiceName: string | undefined;
}

interface Gathered {
  start: bigint;
  end: bigint;
  root: { readonly span: Span; readonly service: string } | undefined;
}

/** The facts of every trace in the data. Times after 2262 count as before 1970, as the store keeps them. */
export function buildTraceFacts(data: TraceData): ReadonlyMap<TraceId, TraceFacts> {
  const traces = new Map<TraceId, Gathered>();
  for (const { resource, scopeSpans } of data.resourceSpans) {
    for (const { spans } of scopeSpans) for (const span of spans) gather(traces, span, resource);
  }
  const facts = new Map<TraceId, TraceFacts>();
  for (const [traceId, { start, end, root }] of traces) {
    facts.set(traceId, {
      durationNano: BigInt.asIntN(64, end - start),
      rootName: root?.span.name,
      rootServiceName: root?.service,
    });
  }
  return facts;
}

function gather(traces: Map<TraceId, Gathered>, span: Span, resource: Resource): void {
  const start = BigInt.asIntN(64, span.startTimeUnixNano);
  const end = BigInt.asIntN(64, span.startTimeUnixNano + durationNano(span));
  let trace = traces.get(span.traceId);
  if (trace === undefined) {
    trace = { start, end, root: undefined };
    traces.set(span.traceId, trace);
  }
  if (start < trace.start) trace.start = start;
  if (end > trace.end) trace.end = end;
  if (span.parentSpanId !== '') return;
  const candidate = { span, service: serviceName(resource) };
  if (trace.root === undefined || isBefore(candidate, trace.root)) trace.root = candidate;
}

type Root = NonNullable<Gathered['root']>;

/** Of several roots: earliest start, then smallest span id, then name, then service. */
function isBefore(a: Root, b: Root): boolean {
  const startA = BigInt.asIntN(64, a.span.startTimeUnixNano);
  const startB = BigInt.asIntN(64, b.span.startTimeUnixNano);
  if (startA !== startB) return startA < startB;
  const order =
    compareText(a.span.spanId, b.span.spanId) ||
    compareText(a.span.name, b.span.name) ||
    compareText(a.service, b.service);
  return order < 0;
}
