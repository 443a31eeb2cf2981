/**
 * Which attributes tell two sets of spans apart, most telling first: by the Jensen-Shannon divergence of their values,
 * where having none is a value too.
 *
 * Samples of one and the same set differ by chance, the more the more values there are: what chance alone is
 * expected to make is taken off. What is nearly different for each span (ids, times) tells nothing and is left out.
 */

/** How often an attribute has its values on one side. */
export interface ValueCounts {
  /** Spans that have the attribute. */
  readonly total: number;
  /** How many different values there are. */
  readonly distinct: number;
  /** The most frequent of them, by a text that tells them apart. */
  readonly values: ReadonlyMap<string, number>;
}

export interface ComparedAttribute {
  readonly name: string;
  readonly a: ValueCounts;
  readonly b: ValueCounts;
}

export interface RankedValue {
  readonly value: string;
  /** Spans. */
  readonly a: number;
  readonly b: number;
}

export interface RankedAttribute {
  readonly name: string;
  /** 0: alike, 1: no value in common. Chance is taken off. */
  readonly score: number;
  /** Spans that have it. */
  readonly a: number;
  readonly b: number;
  /** Those whose share differs most first. */
  readonly values: readonly RankedValue[];
  /** Values that are not among `values`. */
  readonly otherValues: number;
}

/** Why an attribute is not ranked. */
export type LeftOutReason = 'unique' | 'identifier' | 'time';

export interface AttributeRanking {
  readonly ranked: readonly RankedAttribute[];
  /** Attributes that differ by no more than chance. */
  readonly alike: readonly string[];
  readonly leftOut: readonly { readonly name: string; readonly reason: LeftOutReason }[];
}

/** Values shown of each attribute. */
export const RANKED_VALUES_MAX = 12;

/** Fewer spans than this say nothing about whether values are unique. */
const UNIQUE_FROM = 20;
/** More different values than this share of the spans: nearly each has its own. */
const UNIQUE_SHARE = 0.5;
/** So many different values at least make ids or times of what looks like them. */
const IDS_FROM = 10;
const LOOKS_ALIKE_SHARE = 0.9;
const BITS_LEAST = 0.001;

const IDENTIFIER =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=.*\d)[0-9a-f]{16,64}|\d{12,})$/i;
/** RFC 3339 and its kin, and Unix times of this century in s, ms, µs or ns. */
const TIME = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*|1[0-9]{9}(?:\.\d+|\d{3}|\d{6}|\d{9})?)$/;

/**
 * @param spansA spans of each side, with the attribute or without.
 * @param textOf what a value looks like, where its text in the counts says more (its type).
 */
export function rankAttributes(
  attributes: readonly ComparedAttribute[],
  spansA: number,
  spansB: number,
  textOf: (value: string) => string = (value) => value,
): AttributeRanking {
  const ranked: RankedAttribute[] = [];
  const alike: string[] = [];
  const leftOut: { name: string; reason: LeftOutReason }[] = [];
  for (const attribute of attributes) {
    const reason = leaveOutReason(attribute, textOf);
    if (reason !== undefined) {
      leftOut.push({ name: attribute.name, reason });
      continue;
    }
    const score = divergence(attribute, spansA, spansB);
    if (score < BITS_LEAST) alike.push(attribute.name);
    else ranked.push(rankedOf(attribute, score, spansA, spansB));
  }
  ranked.sort((x, y) => y.score - x.score || (x.name < y.name ? -1 : 1));
  return { ranked, alike: alike.sort(), leftOut: leftOut.sort((x, y) => (x.name < y.name ? -1 : 1)) };
}

function leaveOutReason({ a, b }: ComparedAttribute, textOf: (value: string) => string): LeftOutReason | undefined {
  const total = a.total + b.total;
  const distinct = Math.max(a.distinct, b.distinct, new Set([...a.values.keys(), ...b.values.keys()]).size);
  const values = [...a.values.keys(), ...b.values.keys()];
  const share = (pattern: RegExp): number =>
    values.filter((value) => pattern.test(textOf(value))).length / values.length;
  if (distinct >= IDS_FROM && share(TIME) >= LOOKS_ALIKE_SHARE) return 'time';
  if (distinct >= IDS_FROM && share(IDENTIFIER) >= LOOKS_ALIKE_SHARE) return 'identifier';
  return total >= UNIQUE_FROM && a.distinct + b.distinct > total * UNIQUE_SHARE ? 'unique' : undefined;
}

/** In bits, less what chance is expected to make of two samples of one set. */
function divergence({ a, b }: ComparedAttribute, spansA: number, spansB: number): number {
  if (spansA <= 0 || spansB <= 0) return 0;
  let bits = 0;
  let kinds = 0;
  const add = (countA: number, countB: number): void => {
    const p = Math.max(countA, 0) / spansA;
    const q = Math.max(countB, 0) / spansB;
    if (p <= 0 && q <= 0) return;
    kinds++;
    const middle = (p + q) / 2;
    if (p > 0) bits += 0.5 * p * Math.log2(p / middle);
    if (q > 0) bits += 0.5 * q * Math.log2(q / middle);
  };
  let listedA = 0;
  let listedB = 0;
  for (const value of new Set([...a.values.keys(), ...b.values.keys()])) {
    const countA = a.values.get(value) ?? 0;
    const countB = b.values.get(value) ?? 0;
    listedA += countA;
    listedB += countB;
    add(countA, countB);
  }
  add(a.total - listedA, b.total - listedB);
  add(spansA - a.total, spansB - b.total);
  // To the second order the divergence is Σ (p − q)² ÷ (8 ln 2 · m), and p − q has the variance p (1 − p) (1/A + 1/B).
  const chance = ((kinds - 1) * (1 / spansA + 1 / spansB)) / (8 * Math.LN2);
  return Math.max(0, bits - chance);
}

function rankedOf({ name, a, b }: ComparedAttribute, score: number, spansA: number, spansB: number): RankedAttribute {
  const all = [...new Set([...a.values.keys(), ...b.values.keys()])].map((value) => ({
    value,
    a: a.values.get(value) ?? 0,
    b: b.values.get(value) ?? 0,
  }));
  const apart = (one: RankedValue): number => Math.abs(one.a / spansA - one.b / spansB);
  all.sort((x, y) => apart(y) - apart(x) || y.a + y.b - x.a - x.b || (x.value < y.value ? -1 : 1));
  const values = all.slice(0, RANKED_VALUES_MAX);
  const distinct = Math.max(all.length, a.distinct, b.distinct);
  return { name, score, a: a.total, b: b.total, values, otherValues: distinct - values.length };
}
