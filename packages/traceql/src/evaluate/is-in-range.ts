import type { Span } from '@clew/model';

/** Half open: from ≤ start < to, unsigned nanoseconds since 1970. */
export interface TimeRange {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

/** Whether a span starts in the range; every span does where there is none. */
export function isInRange(span: Span, range: TimeRange | undefined): boolean {
  if (range === undefined) return true;
  return span.startTimeUnixNano >= range.fromUnixNano && span.startTimeUnixNano < range.toUnixNano;
}
