import type { Message } from '@clew/wire/tempo/message-shape';
import { parseStep } from '../../query/metrics/parse-step.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { numberOf } from './search-request.ts';
import { badTempoRequest } from './tempo-error.ts';
import { metricsRange } from './tempo-time.ts';

/** A question for series, checked. */
export interface TempoMetrics {
  /** TraceQL. */
  readonly text: string;
  readonly range: TimeRange;
  /** Undefined: by the length of the range. */
  readonly stepNano: bigint | undefined;
  readonly instant: boolean;
  readonly maxExemplars: number | undefined;
  readonly maxSeries: number | undefined;
}

type Query = Readonly<Record<string, string>>;

/** @throws ApiError 400, QueryError */
export function metricsFromQuery(query: Query, instant: boolean, nowUnixMs: number): TempoMetrics {
  const given = (name: string): string | undefined => (query[name] === '' ? undefined : query[name]);
  const step = given('step');
  return {
    text: checkedText(given('q') ?? given('query') ?? ''),
    range: metricsRange(given('start'), given('end'), given('since'), nowUnixMs),
    stepNano: step === undefined || instant ? undefined : parseStep(step),
    instant,
    maxExemplars: countOf(given('exemplars'), 'exemplars'),
    maxSeries: countOf(given('maxSeries'), 'maxSeries'),
  };
}

/** The same of a QueryRangeRequest or QueryInstantRequest. @throws ApiError 400, QueryError */
export function metricsFromMessage(message: Message, instant: boolean, nowUnixMs: number): TempoMetrics {
  const time = (value: unknown): string | undefined =>
    typeof value === 'bigint' && value > 0n ? String(value) : undefined;
  const { step } = message;
  return {
    text: checkedText(typeof message.query === 'string' ? message.query : ''),
    range: metricsRange(time(message.start), time(message.end), undefined, nowUnixMs),
    stepNano: typeof step === 'bigint' && step > 0n && !instant ? step : undefined,
    instant: instant || message.instant === true,
    maxExemplars: numberOf(message.exemplars) || undefined,
    maxSeries: numberOf(message.maxSeries) || undefined,
  };
}

function checkedText(text: string): string {
  if (text !== '') return text;
  throw badTempoRequest('invalid TraceQL query: q is missing. Ask with q={ } | rate().');
}

function countOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) || undefined;
  throw badTempoRequest(`invalid ${name}: '${text.slice(0, 40)}' is not a whole number.`);
}
