import type { ErrorGroup } from '@clew/contract';
import { firstEventText } from '../../sql/events-and-links.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { IS_ERROR } from './minute-source.ts';
import { MAX_ERROR_GROUPS, MAX_MESSAGE_CHARACTERS } from './service-limits.ts';
import { type ServicePart, spansOfService } from './service-part.ts';

const EXAMPLES = 3;

const ERROR_TYPE = `if((${firstEventText("'exception.type'")} AS exception_type) != '', exception_type, attributes_string['error.type'])`;

interface GroupRow {
  readonly name: string;
  readonly kind: number;
  readonly message: string;
  readonly exceptionType: string;
  readonly spans: number;
  readonly first: string;
  readonly last: string;
  readonly examples: readonly (readonly [string, string, string])[];
}

/** Errors in all spans of a service, most frequent first, at most one more than MAX_ERROR_GROUPS. */
export async function loadErrorGroups(part: ServicePart): Promise<readonly ErrorGroup[]> {
  const { scope, conditions } = spansOfService(part);
  const rows = await part.runner.rows<GroupRow>(
    scope.statement(
      `SELECT name, kind, substringUTF8(toValidUTF8(status_message), 1, ${MAX_MESSAGE_CHARACTERS}) AS message, ` +
        `${ERROR_TYPE} AS exceptionType, sum(${SPAN_WEIGHT_SQL}) AS spans, ` +
        `toString(toUnixTimestamp64Nano(min(start))) AS first, toString(toUnixTimestamp64Nano(max(start))) AS last, ` +
        // Also by the ids: spans that start at once always come in the same order.
        `arrayReverseSort(groupArraySorted(${EXAMPLES})((-toUnixTimestamp64Nano(start), lower(hex(trace_id)), ` +
        `lower(hex(span_id))))) AS examples ` +
        `${scope.from('spans', [...conditions, IS_ERROR])} GROUP BY name, kind, message, exceptionType ` +
        `ORDER BY spans DESC, last DESC, name, message LIMIT ${scope.parameters.uint64(MAX_ERROR_GROUPS + 1)}`,
    ),
    {},
    'errors by operation and message',
  );
  return rows.map(({ name, kind, message, exceptionType, spans, first, last, examples }) => ({
    ...{ name, kind, message, exceptionType, spans },
    firstUnixNano: first,
    lastUnixNano: last,
    examples: [...examples].reverse().map(([, traceId, spanId]) => ({ traceId, spanId })),
  }));
}
