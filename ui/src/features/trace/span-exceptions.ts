import type { OtlpJsonAttribute, OtlpJsonSpan } from '@clew/contract';
import { valueText } from './attribute-value.ts';

/** OpenTelemetry semantic conventions, "Exceptions on spans". */
export const EXCEPTION_KEYS = {
  type: 'exception.type',
  message: 'exception.message',
  stackTrace: 'exception.stacktrace',
  escaped: 'exception.escaped',
} as const;

type OtlpJsonEvent = NonNullable<OtlpJsonSpan['events']>[number];

export interface SpanException {
  readonly event: OtlpJsonEvent;
  readonly type: string;
  readonly message: string;
  readonly stackTrace: string;
  readonly escaped: boolean;
}

/** Exceptions recorded on a span, by time; an event is one when it has a type, a message or a stack trace of one. */
export function exceptionsOf(span: OtlpJsonSpan): SpanException[] {
  return eventsByTime(span).flatMap((event) => tryException(event) ?? []);
}

export function tryException(event: OtlpJsonEvent): SpanException | undefined {
  const attributes = event.attributes ?? [];
  const type = textOf(attributes, EXCEPTION_KEYS.type);
  const message = textOf(attributes, EXCEPTION_KEYS.message);
  const stackTrace = textOf(attributes, EXCEPTION_KEYS.stackTrace);
  if (type === '' && message === '' && stackTrace === '') return undefined;
  return { event, type, message, stackTrace, escaped: textOf(attributes, EXCEPTION_KEYS.escaped) === 'true' };
}

export function eventsByTime(span: OtlpJsonSpan): OtlpJsonEvent[] {
  return (span.events ?? []).toSorted((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)));
}

function textOf(attributes: readonly OtlpJsonAttribute[], key: string): string {
  const found = attributes.find((attribute) => attribute.key === key);
  return found === undefined ? '' : valueText(found.value);
}
