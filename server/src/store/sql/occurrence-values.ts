/** Fields of a span's events and links, in a row of `spans`. */
import { TYPE_BOOL, TYPE_DOUBLE, TYPE_INT, TYPE_STRING } from '@clew/model';
import type { Field, Intrinsic } from '@clew/traceql';
import { EVENT_TEXTS_SQL, LINK_IDS_SQL, OCCURRENCE_KEYS_SQL } from '../schema/indexed-occurrences.ts';
import type { CompileContext } from './compile-context.ts';
import {
  EVENT_NAMES_SQL,
  EVENT_TIMES_SQL,
  LINK_SPAN_IDS_SQL,
  LINK_TRACE_IDS_SQL,
  mayHaveOccurrence,
  taggedOccurrences,
} from './events-and-links.ts';
import { occurrencesAsMany, untaggedOrNull } from './tagged-occurrences.ts';
import type { TypedColumns, TypedValue } from './typed-value.ts';
import { isTextSet, type Literal } from './value-branch.ts';

export type OccurrenceIntrinsic = 'event:name' | 'event:timeSinceStart' | 'link:traceID' | 'link:spanID';

export function isOccurrenceIntrinsic(intrinsic: Intrinsic): intrinsic is OccurrenceIntrinsic {
  return intrinsic.startsWith('event:') || intrinsic.startsWith('link:');
}

interface OccurrenceList {
  readonly type: 'string' | 'int';
  readonly list: string;
  readonly mayEqual?: (literal: Literal) => string;
}

const LISTS: Readonly<Record<OccurrenceIntrinsic, OccurrenceList>> = {
  'event:name': { type: 'string', list: EVENT_NAMES_SQL, mayEqual: isAmong(OCCURRENCE_KEYS_SQL, (name) => name) },
  'event:timeSinceStart': {
    type: 'int',
    list: `arrayMap(time -> time - toUnixTimestamp64Nano(start), ${EVENT_TIMES_SQL})`,
  },
  'link:traceID': { type: 'string', list: LINK_TRACE_IDS_SQL, mayEqual: isAmong(LINK_IDS_SQL, bytesOfId) },
  'link:spanID': { type: 'string', list: LINK_SPAN_IDS_SQL, mayEqual: isAmong(LINK_IDS_SQL, bytesOfId) },
};

export function occurrenceIntrinsic(intrinsic: OccurrenceIntrinsic): TypedValue {
  const { type, list, mayEqual } = LISTS[intrinsic];
  return {
    columns: {},
    many: {
      where: (condition) => condition({ total: `length(${list})`, [type]: list }),
      ...(mayEqual !== undefined && { mayEqual }),
    },
    single: { [type]: `if(notEmpty(${list}), ${list}[1], NULL)` },
    exists: `notEmpty(${list})`,
    ...(intrinsic === 'event:timeSinceStart' && { isDuration: true }),
  };
}

/** @param stored what an indexed list has of a text, which is SQL. */
function isAmong(list: string, stored: (text: string) => string): (literal: Literal) => string {
  return (literal) =>
    isTextSet(literal)
      ? `hasAny(${list}, arrayMap(text -> ${stored('text')}, ${literal.sql}))`
      : `has(${list}, ${stored(literal.sql)})`;
}

/** What is no id becomes bytes that are none. */
function bytesOfId(text: string): string {
  return `unhex(${text})`;
}

const isAmongEventTexts = isAmong(EVENT_TEXTS_SQL, (text) => `concat('s', ${text})`);

/** In the order of AnyValue's fields. */
const LABELS = [
  [TYPE_STRING, 'string'],
  [TYPE_INT, 'int'],
  [TYPE_DOUBLE, 'double'],
  [TYPE_BOOL, 'bool'],
] as const;

/** `event.key` and `link.key`. */
export function occurrenceAttribute(
  { key }: Field & { kind: 'attribute' },
  owner: 'event' | 'link',
  { scope, types }: CompileContext,
): TypedValue {
  const stored = types?.of(owner, key);
  if (stored?.size === 0) return { columns: {}, exists: 'false' };
  const labels = LABELS.flatMap(([type, label]) => (stored === undefined || stored.has(type) ? [label] : []));
  const placeholder = scope.parameters.string(key);
  const tagged = taggedOccurrences(owner, placeholder);
  const first = `${tagged}[1]`;
  const single: TypedColumns = Object.fromEntries(labels.map((label) => [label, untaggedOrNull(first, label)]));
  return {
    columns: {},
    many: {
      ...occurrencesAsMany(tagged, new Set(labels)),
      when: mayHaveOccurrence(placeholder),
      ...(owner === 'event' && { mayEqual: isAmongEventTexts }),
    },
    single,
    exists: `(${mayHaveOccurrence(placeholder)} AND notEmpty(${tagged}))`,
    other: `if(startsWith(${first}, 'o'), substring(${first}, 2), NULL)`,
  };
}
