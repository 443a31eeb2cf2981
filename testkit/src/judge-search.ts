/** What a search should answer by the in-memory evaluator, and what it answers, in forms that can be compared. */
import type { FoundAttribute, FoundSpan, FoundTrace } from '@clew/contract';
import { durationNano, serviceName, type TraceData, type TraceId } from '@clew/model';
import type { FieldReference, SpansetQuery } from '@clew/traceql';
import {
  evaluateQuery,
  type NamedValue,
  type PlainValue,
  type SelectedSpan,
  type SpansetResult,
  type TimeRange,
  valueText,
} from '@clew/traceql/evaluate';
import { splitTraces, type TraceSpans } from '@clew/traceql/evaluate/trace-spans';

/** A trace of an answer, without what depends on the order of spans that are equal in all that orders them. */
export interface ComparableTrace {
  readonly traceId: string;
  readonly matchedCount: number;
  /** Of the whole trace: root, times, numbers of spans. */
  readonly facts: string;
  readonly services: readonly string[];
  readonly spansets: readonly {
    readonly attributes: readonly string[];
    readonly count: number;
    readonly spans: readonly string[];
  }[];
}

export interface JudgedSearch {
  readonly range: TimeRange;
  /** Spans shown of each set. */
  readonly shown: number;
  /** Fields shown before what select() names. */
  readonly show: readonly FieldReference[];
}

/** Judges many queries over the same traces. */
export class SearchJudge {
  readonly #data: TraceData;
  readonly #facts: ReadonlyMap<TraceId, Pick<ComparableTrace, 'facts' | 'services'>>;

  constructor(data: TraceData) {
    this.#data = data;
    this.#facts = new Map(splitTraces(data).map((trace) => [trace.traceId, wholeFacts(trace)]));
  }

  judge(query: SpansetQuery, { range, shown, show }: JudgedSearch): readonly ComparableTrace[] {
    return evaluateQuery(query, this.#data, { range, show }).map(({ traceId, spansets }) => ({
      traceId,
      matchedCount: spansets.reduce((sum, set) => sum + set.matchedCount, 0),
      facts: '',
      services: [],
      ...this.#facts.get(traceId),
      spansets: spansets.map((set) => ({
        attributes: set.attributes.map((attribute) => attributeText(wordsOf(attribute))),
        count: set.matchedCount,
        spans: expectedSpans(set, shown),
      })),
    }));
  }
}

/** The same of an answer. */
export function comparableTrace(found: FoundTrace, shown: number): ComparableTrace {
  const { rootService, rootName, startTimeUnixNano, durationNano: length, spanCount, errorCount, services } = found;
  return {
    traceId: found.traceId,
    matchedCount: found.matchedCount,
    facts: factsText([rootService, rootName, startTimeUnixNano, length, spanCount, errorCount]),
    services: services.map((one) => factsText([one.name, one.spanCount, one.errorCount])).toSorted(),
    spansets: found.spansets.map(({ attributes, matchedCount, spans }) => ({
      attributes: attributes.map(attributeText),
      count: matchedCount,
      spans: matchedCount > shown ? spans.map(orderText) : spans.map(spanText).toSorted(),
    })),
  };
}

/** The first trace that is not what it should be, as text. */
export function firstDifference(
  found: readonly ComparableTrace[],
  wanted: readonly ComparableTrace[],
): string | undefined {
  for (let at = 0; at < Math.max(found.length, wanted.length); at++) {
    const [is, should] = [JSON.stringify(found[at]), JSON.stringify(wanted[at])];
    if (is !== should) return `trace ${at} of ${wanted.length} is ${is} and should be ${should}`;
  }
  return undefined;
}

function factsText(facts: readonly (string | number | bigint)[]): string {
  return facts.join('|');
}

/** Shown as the length of a trace: no span ends before it starts, other than `traceDuration` has it. */
function shownLength(spans: TraceSpans['spans'], first: bigint): bigint {
  const ends = spans.map(({ span }) => {
    const length = durationNano(span);
    return BigInt.asIntN(64, span.startTimeUnixNano + (length > 0n ? length : 0n));
  });
  return BigInt.asIntN(64, (ends.toSorted(compare).at(-1) ?? first) - first);
}

function wholeFacts({ spans, facts }: TraceSpans): Pick<ComparableTrace, 'facts' | 'services'> {
  const services = new Map<string, { spans: number; errors: number }>();
  for (const { span, resource } of spans) {
    const name = serviceName(resource);
    const known = services.get(name) ?? { spans: 0, errors: 0 };
    const errors = known.errors + Number(span.status.code === 2);
    services.set(name, { spans: known.spans + 1, errors });
  }
  const starts = spans.map(({ span }) => BigInt.asIntN(64, span.startTimeUnixNano));
  const [first] = starts.toSorted(compare);
  const errorCount = [...services.values()].reduce((sum, { errors }) => sum + errors, 0);
  const root = [facts.rootServiceName ?? '', facts.rootName ?? ''];
  return {
    facts: factsText([...root, BigInt.asUintN(64, first), shownLength(spans, first), spans.length, errorCount]),
    services: [...services].map(([name, counts]) => factsText([name, counts.spans, counts.errors])).toSorted(),
  };
}

/** All spans with all that is shown of them; of a part what puts them in order, since others may be equal in that. */
function expectedSpans({ spans, matchedCount }: SpansetResult, shown: number): readonly string[] {
  if (matchedCount <= shown) return spans.map((span) => spanText(shownSpan(span))).toSorted();
  const longestFirst = spans
    .map(shownSpan)
    .toSorted((a, b) => compare(BigInt(b.durationNano), BigInt(a.durationNano)) || compareStarts(a, b));
  return longestFirst.slice(0, shown).map(orderText);
}

type ShownSpan = Pick<FoundSpan, 'spanId' | 'name' | 'startTimeUnixNano' | 'durationNano' | 'attributes'>;

function shownSpan({ span, selected }: SelectedSpan): ShownSpan {
  return {
    spanId: span.spanId,
    name: span.name,
    startTimeUnixNano: String(span.startTimeUnixNano),
    durationNano: String(durationNano(span)),
    attributes: selected.map(wordsOf),
  };
}

function compareStarts(a: ShownSpan, b: ShownSpan): number {
  return compare(BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)) || compare(a.spanId, b.spanId);
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

function orderText({ spanId, startTimeUnixNano, durationNano: length }: ShownSpan): string {
  return [length, startTimeUnixNano, spanId].join('|');
}

function spanText({ spanId, name, startTimeUnixNano, durationNano: length, attributes = [] }: ShownSpan): string {
  return [spanId, name, startTimeUnixNano, length, ...attributes.map(attributeText)].join('|');
}

/** As an answer says a value. */
export function wordsOf({ name, value }: NamedValue): FoundAttribute {
  if (value.type === 'float') return { name, type: 'double', value: String(value.value) };
  return { name, type: value.type, value: wordOf(value) };
}

function wordOf(value: PlainValue): string {
  switch (value.type) {
    case 'nil':
      return '';
    case 'status':
    case 'kind':
      return valueText(value);
    default:
      return String(value.value);
  }
}

/**
 * Of an aggregate the number only: sums of doubles depend on the order of storage in the last digits, and of an int
 * and a double that are equal either may be the least.
 */
export function attributeText({ name, type, value }: FoundAttribute): string {
  const isAggregate = /^(?:count|min|max|sum|avg)\(/.test(name);
  if (type === 'double' || (isAggregate && type === 'int')) return `${name} ${Number(value).toPrecision(12)}`;
  return `${name} ${type} ${value}`;
}
