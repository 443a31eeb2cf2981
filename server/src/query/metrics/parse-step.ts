import { DURATION_PART, durationFromText } from '@clew/traceql/duration-literal';
import { QueryError } from '../query-error.ts';

const DURATION = new RegExp(`^(?:${DURATION_PART})+$`);
const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/;

/**
 * The step of a request in nanoseconds: a duration as in TraceQL (`30s`, `1m30s`), or seconds.
 * @throws QueryError QUERY_STEP_INVALID
 */
export function parseStep(text: string): bigint {
  const isDuration = DURATION.test(text);
  const nano = isDuration || SECONDS.test(text) ? durationFromText(isDuration ? text : `${text}s`) : 0n;
  if (nano > 0n) return nano;
  throw new QueryError(
    'QUERY_STEP_INVALID',
    `step: '${text.slice(0, 64)}' is not a length of time. Write a duration such as 30s or 5m, or seconds.`,
  );
}
