import type { Message } from '@clew/wire/tempo/message-shape';
import type { Context } from 'hono';
import type { ReadOptions, TimeRange } from '../../store/span-store.ts';
import { numberOf } from './search-request.ts';
import type { TagNamesRequest } from './tag-names.ts';
import type { TagValuesRequest } from './tag-values.ts';
import type { TempoDependencies } from './tempo-dependencies.ts';
import { badTempoRequest } from './tempo-error.ts';
import { parseSeconds, secondsRange } from './tempo-time.ts';

/** Without a range: names of the last day. */
const DEFAULT_RANGE_NANO = 86_400_000_000_000n;

/** @throws ApiError 400 */
export function tagNamesFromQuery(context: Context, dependencies: TempoDependencies): TagNamesRequest {
  const { req } = context;
  return {
    tenant: dependencies.tenantOf(req.raw.headers),
    scope: req.query('scope') ?? '',
    range: rangeOf(context),
    limit: limitOf(req.query('limit')),
    options: optionsOf(context, dependencies),
  };
}

/** @throws ApiError 400 */
export function tagValuesFromQuery(context: Context, dependencies: TempoDependencies): TagValuesRequest {
  const { req } = context;
  return {
    tenant: dependencies.tenantOf(req.raw.headers),
    tag: req.param('tag') ?? '',
    query: req.query('q') ?? '',
    range: rangeOf(context),
    limit: limitOf(req.query('limit')),
    options: optionsOf(context, dependencies),
    onRead: (rows, bytes) => dependencies.metrics.queryRead('tempo tag values', rows, bytes),
  };
}

/** Of a SearchTagsRequest. @throws ApiError 400 */
export function tagNamesFromMessage(message: Message, tenant: string, options: ReadOptions): TagNamesRequest {
  const { scope, maxTagsPerScope } = message;
  return {
    ...{ tenant, options },
    scope: typeof scope === 'string' ? scope : '',
    range: rangeFromMessage(message),
    limit: numberOf(maxTagsPerScope),
  };
}

/** Of a SearchTagValuesRequest. @throws ApiError 400 */
export function tagValuesFromMessage(
  message: Message,
  tenant: string,
  options: ReadOptions,
  onRead: TagValuesRequest['onRead'],
): TagValuesRequest {
  const { tagName, query, maxTagValues } = message;
  return {
    ...{ tenant, options, onRead },
    tag: typeof tagName === 'string' ? tagName : '',
    query: typeof query === 'string' ? query : '',
    range: rangeFromMessage(message),
    limit: numberOf(maxTagValues),
  };
}

function rangeOf({ req }: Context): TimeRange {
  const start = parseSeconds(req.query('start'), 'start');
  const end = parseSeconds(req.query('end'), 'end');
  return secondsRange(start, end, Date.now(), DEFAULT_RANGE_NANO);
}

function rangeFromMessage({ start, end }: Message): TimeRange {
  return secondsRange(numberOf(start), numberOf(end), Date.now(), DEFAULT_RANGE_NANO);
}

function limitOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badTempoRequest(`invalid limit: '${text.slice(0, 40)}' is not a whole number.`);
}

function optionsOf({ req }: Context, { queryTimeoutMs }: TempoDependencies): ReadOptions {
  return { signal: req.raw.signal, timeoutMs: queryTimeoutMs };
}
