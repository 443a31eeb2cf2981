/** What our search finds, in Tempo's shapes. */
import type { FoundAttribute, FoundSpan, FoundSpanset, FoundTrace } from '@clew/contract';
import type { AttributeValue } from '@clew/model';
import type { TempoKeyValue, TempoSpan, TempoSpanSet, TempoTrace } from '@clew/wire/tempo/tempo-messages';
import { parseField } from '../../query/parse-filter.ts';
import { goDurationText } from './go-duration.ts';

/** What Tempo says in place of the root's service, and Grafana looks for. */
const NO_ROOT = '<root span not yet received>';
const MAX_UINT32 = 2 ** 32 - 1;
/** Said by fields of their own. */
const NOT_ATTRIBUTES = new Set([
  ...['name', 'duration', 'span:name', 'span:duration', 'span:id'],
  ...[
    'traceDuration',
    'rootName',
    'rootServiceName',
    'trace:duration',
    'trace:rootName',
    'trace:rootService',
    'trace:id',
  ],
]);

export function foundToTempo(trace: FoundTrace): TempoTrace {
  const spanSets = (trace.spansets ?? [onlySpanset(trace)]).map(spanSetOf);
  const [spanSet] = spanSets;
  return {
    traceID: trace.traceId.replace(/^0+/, ''),
    rootServiceName: trace.rootService === '' ? NO_ROOT : trace.rootService,
    rootTraceName: trace.rootName,
    startTimeUnixNano: BigInt(trace.startTimeUnixNano),
    durationMs: Math.min(Number(positive(trace.durationNano) / 1_000_000n), MAX_UINT32),
    ...(spanSet !== undefined && { spanSet }),
    spanSets,
    serviceStats: new Map(
      trace.services.map(({ name, spanCount, errorCount }) => [name, { spanCount, errorCount }] as const),
    ),
  };
}

function onlySpanset({ matched, matchedCount }: FoundTrace): FoundSpanset {
  return { attributes: [], matchedCount, spans: matched };
}

function spanSetOf({ attributes, matchedCount, spans }: FoundSpanset): TempoSpanSet {
  return {
    spans: spans.map(spanOf),
    matched: Math.min(matchedCount, MAX_UINT32),
    attributes: attributes.map((attribute) => ({ key: attribute.name, value: tempoValue(attribute) })),
  };
}

function spanOf(span: FoundSpan): TempoSpan {
  return {
    spanID: span.spanId,
    name: span.name,
    startTimeUnixNano: BigInt(span.startTimeUnixNano),
    durationNanos: positive(span.durationNano),
    attributes: (span.attributes ?? []).flatMap(spanAttribute),
  };
}

/** Keys of attributes go without their scope there. */
function spanAttribute(attribute: FoundAttribute): readonly TempoKeyValue[] {
  if (attribute.type === 'nil' || NOT_ATTRIBUTES.has(attribute.name)) return [];
  return [{ key: tryKey(attribute.name) ?? attribute.name, value: tempoValue(attribute) }];
}

function tryKey(name: string): string | undefined {
  if (!name.includes('.')) return undefined;
  const field = parseField(name);
  return field.kind === 'attribute' ? field.key : undefined;
}

/** Durations, status, kind and nil are texts there. */
export function tempoValue({ type, value }: Pick<FoundAttribute, 'type' | 'value'>): AttributeValue {
  switch (type) {
    case 'int':
      return { type: 'int', value: BigInt(value) };
    case 'double':
      return { type: 'double', value: Number(value) };
    case 'bool':
      return { type: 'bool', value: value === 'true' };
    case 'duration':
      return { type: 'string', value: goDurationText(BigInt(value)) };
    case 'nil':
      return { type: 'string', value: 'nil' };
    default:
      return { type: 'string', value };
  }
}

/** A span that ends before it starts is as long as nothing in an unsigned field. */
function positive(nano: string): bigint {
  const value = BigInt(nano);
  return value < 0n ? 0n : value;
}
