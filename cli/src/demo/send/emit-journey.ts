import {
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { PlannedJourney, PlannedSpan } from '../model/planned-span.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Turns a plan into spans of the SDK, ended, with ids of their own.
 * @param startUnixMs when the journey starts.
 * @returns the number of spans.
 */
export function emitJourney(
  journey: PlannedJourney,
  startUnixMs: number,
  tracerFor: (span: PlannedSpan) => Tracer,
): number {
  const contexts = new Map<PlannedSpan, SpanContext>();
  let count = 0;
  const emit = (planned: PlannedSpan, parent: PlannedSpan | undefined): void => {
    const parentContext = parent === undefined ? undefined : contexts.get(parent);
    const isRemote = parent?.service !== planned.service || parent.instance !== planned.instance;
    const context =
      parentContext === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, isRemote ? { ...parentContext, isRemote } : parentContext);
    const links: Link[] = [];
    for (const linked of planned.links) {
      const linkedContext = contexts.get(linked);
      if (linkedContext !== undefined) links.push({ context: linkedContext });
    }
    const span = tracerFor(planned).startSpan(
      planned.name,
      {
        kind: KINDS[planned.kind],
        attributes: planned.attributes,
        links,
        startTime: hrTime(startUnixMs, planned.startUs),
      },
      context,
    );
    contexts.set(planned, span.spanContext());
    for (const event of planned.events) span.addEvent(event.name, event.attributes, hrTime(startUnixMs, event.atUs));
    if (planned.status !== 'unset') {
      const code = planned.status === 'error' ? SpanStatusCode.ERROR : SpanStatusCode.OK;
      span.setStatus(planned.statusMessage === '' ? { code } : { code, message: planned.statusMessage });
    }
    span.end(hrTime(startUnixMs, planned.endUs));
    count++;
    for (const child of planned.children) emit(child, planned);
  };
  for (const root of journey.traces) emit(root, undefined);
  return count;
}

/** Seconds and nanoseconds: a millisecond number would lose what is behind the microsecond. */
function hrTime(startUnixMs: number, us: number): HrTime {
  const startUs = Math.round((startUnixMs % 1000) * 1000) + us;
  const seconds = Math.floor(startUnixMs / 1000) + Math.floor(startUs / 1e6);
  return [seconds, (((startUs % 1e6) + 1e6) % 1e6) * 1000];
}
