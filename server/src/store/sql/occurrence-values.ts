/** Fields of a span's events and links, in a row of `spans`. */
import { TYPE_BOOL, TYPE_DOUBLE, TYPE_INT, TYPE_STRING } from '@clew/model';
import type { Field, Intrinsic } from '@clew/traceql';
import type { CompileContext } from './compile-context.ts';
import { taggedValues, untagged } from './many-values.ts';
import type { TypedColumns, TypedValue } from './typed-value.ts';

export type OccurrenceIntrinsic = 'event:name' | 'event:timeSinceStart' | 'link:traceID' | 'link:spanID';

export function isOccurrenceIntrinsic(intrinsic: Intrinsic): intrinsic is OccurrenceIntrinsic {
  return intrinsic.startsWith('event:') || intrinsic.startsWith('link:');
}

const LISTS: Readonly<Record<OccurrenceIntrinsic, { readonly type: 'string' | 'int'; readonly list: string }>> = {
  'event:name': { type: 'string', list: 'event_name' },
  'event:timeSinceStart': {
    type: 'int',
    list: 'arrayMap(time -> toUnixTimestamp64Nano(time) - toUnixTimestamp64Nano(start), event_time)',
  },
  'link:traceID': { type: 'string', list: 'arrayMap(id -> lower(hex(id)), link_trace_id)' },
  'link:spanID': { type: 'string', list: 'arrayMap(id -> lower(hex(id)), link_span_id)' },
};

export function occurrenceIntrinsic(intrinsic: OccurrenceIntrinsic): TypedValue {
  const { type, list } = LISTS[intrinsic];
  return {
    columns: {},
    many: { total: `length(${list})`, [type]: list },
    single: { [type]: `if(notEmpty(${list}), ${list}[1], NULL)` },
    exists: `notEmpty(${list})`,
    ...(intrinsic === 'event:timeSinceStart' && { isDuration: true }),
  };
}

/** In the order of AnyValue's fields. */
const LABELS = [
  [TYPE_STRING, 'string', 's'],
  [TYPE_INT, 'int', 'i'],
  [TYPE_DOUBLE, 'double', 'd'],
  [TYPE_BOOL, 'bool', 'b'],
] as const;

/** `event.key` and `link.key`. */
export function occurrenceAttribute(
  { key }: Field & { kind: 'attribute' },
  owner: 'event' | 'link',
  { scope, types }: CompileContext,
): TypedValue {
  const stored = types?.of(owner, key);
  if (stored?.size === 0) return { columns: {}, exists: 'false' };
  const column = owner === 'event' ? 'event_attributes' : 'link_attributes';
  const labels = LABELS.filter(([type]) => stored === undefined || stored.has(type));
  const many = taggedValues(column, scope.parameters.string(key), new Set(labels.map(([, label]) => label)));
  const first = `${many.tagged}[1]`;
  const single: TypedColumns = Object.fromEntries(
    labels.map(([, label, tag]) => [label, `if(startsWith(${first}, '${tag}'), ${untagged(first)[label]}, NULL)`]),
  );
  return {
    columns: {},
    many,
    single,
    exists: `notEmpty(${many.tagged})`,
    other: `if(startsWith(${first}, 'o'), substring(${first}, 2), NULL)`,
  };
}
