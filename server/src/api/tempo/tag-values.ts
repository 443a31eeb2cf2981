import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { buildAttribute, type Field, type FieldExpression } from '@clew/traceql';
import type { TempoTagValue, TempoTagValuesResponse, TempoTagValuesV2Response } from '@clew/wire/tempo/tempo-messages';
import { parseField } from '../../query/parse-filter.ts';
import type { ReadOptions, SpanStore, TimeRange } from '../../store/span-store.ts';
import { parseLenientFilter } from './lenient-filter.ts';

export interface TagValuesRequest {
  readonly tenant: string;
  /** A TraceQL name; for the first version also a key without scope. */
  readonly tag: string;
  /** TraceQL that may be unfinished. */
  readonly query: string;
  readonly range: TimeRange;
  /** 0 for as many as there may be. */
  readonly limit: number;
  readonly options: ReadOptions;
  readonly onRead: (rows: number, bytes: number) => void;
}

const MAX_VALUES = 5_000;
/** Lengths and numbers of no use in a list. */
const UNLISTED = new Set([
  ...['duration', 'traceDuration', 'event:timeSinceStart', 'nestedSetLeft', 'nestedSetRight', 'nestedSetParent'],
  ...['span:childCount', 'parent', 'trace:id', 'span:id', 'span:parentID', 'link:traceID', 'link:spanID'],
]);

/** @throws QueryError QUERY_FIELD_INVALID */
export async function loadTagValuesV2(store: SpanStore, request: TagValuesRequest): Promise<TempoTagValuesV2Response> {
  const field = parseField(request.tag);
  const metrics = { totalJobs: 1, completedJobs: 1 };
  if (field.kind === 'intrinsic') {
    if (UNLISTED.has(field.intrinsic)) return { tagValues: [], metrics };
    if (field.intrinsic === 'status') return { tagValues: keywords(STATUS_CODES), metrics };
    if (field.intrinsic === 'kind') return { tagValues: keywords(SPAN_KINDS), metrics };
  }
  const { value, statistics } = await loadValues(store, request, field, parseLenientFilter(request.query));
  request.onRead(statistics.rowsRead, statistics.bytesRead);
  return {
    tagValues: value.map(({ type, value: text }) => ({ type: type === 'double' ? 'float' : type, value: text })),
    metrics: { ...metrics, inspectedBytes: BigInt(statistics.bytesRead) },
  };
}

/** Texts only. A tag without scope is an attribute of the span or its resource. @throws QueryError */
export async function loadTagValues(store: SpanStore, request: TagValuesRequest): Promise<TempoTagValuesResponse> {
  const tag = tryFirstVersionField(request.tag);
  const { tagValues, metrics } = await loadTagValuesV2(store, tag === undefined ? request : { ...request, tag });
  return { tagValues: [...new Set(tagValues.map(({ value }) => value))], metrics };
}

function loadValues(
  store: SpanStore,
  { tenant, range, limit, options }: TagValuesRequest,
  field: Field,
  filter: FieldExpression,
): ReturnType<SpanStore['attributeValues']> {
  const most = limit === 0 ? MAX_VALUES : Math.min(limit, MAX_VALUES);
  return store.attributeValues(tenant, field, filter, range, '', most, options);
}

function keywords(words: readonly string[]): readonly TempoTagValue[] {
  return words.map((value) => ({ type: 'keyword', value }));
}

const FIRST_VERSION_NAMES: Readonly<Record<string, string>> = {
  'status.code': 'status',
  'root.name': 'rootName',
  'root.service.name': 'rootServiceName',
};

/** The name of `service.name` in TraceQL; undefined when the tag is one already. */
function tryFirstVersionField(tag: string): string | undefined {
  const known = FIRST_VERSION_NAMES[tag];
  if (known !== undefined) return known;
  try {
    parseField(tag);
    return undefined;
  } catch {
    return printableAttribute(tag);
  }
}

function printableAttribute(key: string): string {
  const { kind } = buildAttribute('any', key);
  return kind === 'attribute' ? `.${key}` : key;
}
