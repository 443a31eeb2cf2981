import type { TempoTagsResponse, TempoTagsV2Response } from '@clew/wire/tempo/tempo-messages';
import type { ReadOptions, SpanStore, TimeRange } from '../../store/span-store.ts';
import { badTempoRequest } from './tempo-error.ts';

export interface TagNamesRequest {
  readonly tenant: string;
  /** Empty for all. */
  readonly scope: string;
  readonly range: TimeRange;
  /** Of each scope; 0 for as many as there may be. */
  readonly limit: number;
  readonly options: ReadOptions;
}

/** In the order in which they are answered. */
const ATTRIBUTE_SCOPES = ['resource', 'span', 'event', 'link', 'instrumentation'] as const;
const INTRINSIC_SCOPE = 'intrinsic';
/** What may be asked for as "all but intrinsics". */
const NO_SCOPE = 'none';
const MAX_TAGS = 10_000;

/** Names that Tempo lists; each has values that can be asked for, but for the lengths of time. */
const INTRINSIC_TAGS = [
  ...['duration', 'event:name', 'event:timeSinceStart', 'instrumentation:name', 'instrumentation:version', 'kind'],
  ...['name', 'rootName', 'rootServiceName', 'span:duration', 'span:kind', 'span:name', 'span:status'],
  ...['span:statusMessage', 'status', 'statusMessage', 'trace:duration', 'trace:rootName', 'trace:rootService'],
  'traceDuration',
];

const METRICS = { totalJobs: 1, completedJobs: 1 };

/** @throws ApiError 400 for a scope that does not exist */
export async function loadTagNamesV2(store: SpanStore, request: TagNamesRequest): Promise<TempoTagsV2Response> {
  const { scope, limit } = request;
  const scopes: readonly string[] = [...ATTRIBUTE_SCOPES, INTRINSIC_SCOPE];
  if (scope !== '' && scope !== NO_SCOPE && !scopes.includes(scope)) {
    throw badTempoRequest(`invalid scope: '${scope.slice(0, 40)}'. There are ${scopes.join(', ')}.`);
  }
  const most = limit === 0 ? MAX_TAGS : limit;
  const isAsked = (name: string): boolean =>
    scope === '' || scope === name || (scope === NO_SCOPE && name !== INTRINSIC_SCOPE);
  const tags = new Map<string, readonly string[]>();
  if (ATTRIBUTE_SCOPES.some(isAsked)) {
    const keys = await store.attributeKeys(request.tenant, request.range, '', MAX_TAGS, request.options);
    for (const name of ATTRIBUTE_SCOPES) {
      const ofScope = keys.filter((key) => key.scope === name).map(({ key }) => key);
      tags.set(name, ofScope.sort().slice(0, most));
    }
  }
  tags.set(INTRINSIC_SCOPE, INTRINSIC_TAGS.slice(0, most));
  return {
    scopes: [...tags]
      .filter(([name, names]) => isAsked(name) && names.length > 0)
      .map(([name, names]) => ({ name, tags: names })),
    metrics: METRICS,
  };
}

/** All names in one list. @throws ApiError 400 for a scope that does not exist */
export async function loadTagNames(store: SpanStore, request: TagNamesRequest): Promise<TempoTagsResponse> {
  const scope = request.scope === '' ? NO_SCOPE : request.scope;
  const { scopes, metrics } = await loadTagNamesV2(store, { ...request, scope });
  return { tagNames: [...new Set(scopes.flatMap(({ tags }) => tags))].sort(), metrics };
}
