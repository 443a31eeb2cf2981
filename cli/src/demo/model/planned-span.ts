/** The shop's traffic as data: what would have been measured, before any SDK sees it. */

export type PlannedKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type PlannedValue = string | number | boolean | string[];
export type PlannedAttributes = Record<string, PlannedValue>;

export interface PlannedEvent {
  readonly name: string;
  /** From the start of the journey. */
  readonly atUs: number;
  readonly attributes: PlannedAttributes;
}

/** Times are whole microseconds from the start of the journey, by the clock of the instance that reports. */
export interface PlannedSpan {
  /** A name of SERVICES. */
  readonly service: string;
  /** Index of the service's instance. */
  readonly instance: number;
  /** Instrumentation scope. */
  readonly scope: string;
  readonly name: string;
  readonly kind: PlannedKind;
  startUs: number;
  endUs: number;
  readonly attributes: PlannedAttributes;
  readonly events: PlannedEvent[];
  status: 'unset' | 'ok' | 'error';
  statusMessage: string;
  /** Spans of the same journey, planned before this one. */
  readonly links: PlannedSpan[];
  readonly children: PlannedSpan[];
}

/** One thing that happens in the shop: one trace, or several tied by links where a queue is in between. */
export interface PlannedJourney {
  readonly name: string;
  /** A root each. Links point backwards only. */
  readonly traces: readonly PlannedSpan[];
  /** Latest end of all spans, from the start. */
  readonly endUs: number;
}

/** Calls `visit` for every span, parents first. */
export function visitSpans(journey: PlannedJourney, visit: (span: PlannedSpan) => void): void {
  const stack = [...journey.traces].reverse();
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    visit(span);
    for (let i = span.children.length - 1; i >= 0; i--) stack.push(span.children[i]);
  }
}

export function countSpans(journey: PlannedJourney): number {
  let count = 0;
  visitSpans(journey, () => count++);
  return count;
}
