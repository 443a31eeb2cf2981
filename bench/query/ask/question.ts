/** A question in both languages, and what of the two answers must be equal. */
import type { StoreParameters } from '../../../server/src/store/client.ts';
import type { AskedValues } from './asked-values.ts';

export interface Question {
  /** Path and parameters of Clew's API. */
  readonly path: string;
  /** Asked at the same time; the answer is there when all are. */
  readonly beside?: readonly string[];
  readonly accept?: string;
  /** What must be the same on both sides, taken from Clew's answer. */
  readonly found: (answer: ClewAnswer) => Found;
  /** Undefined: users of that schema have no statement for it. */
  readonly baseline: BaselineQuestion | undefined;
}

export interface BaselineQuestion {
  readonly sql: string;
  readonly parameters: StoreParameters;
  readonly found: (rows: readonly Readonly<Record<string, unknown>>[]) => Found;
}

/** Trace ids in any order, or a number. Undefined: not compared. */
export type Found = readonly string[] | number | undefined;

export interface ClewAnswer {
  readonly json: unknown;
  readonly bytes: ArrayBuffer;
}

export interface QuestionKind {
  readonly name: string;
  /** What is asked, in words, for the report. */
  readonly about: string;
  readonly make: (values: AskedValues) => Question;
}

export function sameFound(a: Found, b: Found): boolean {
  if (a === undefined || b === undefined) return true;
  if (typeof a === 'number' || typeof b === 'number') {
    return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= 1e-6 * Math.abs(b);
  }
  const sorted = a.toSorted();
  return sorted.length === b.length && b.toSorted().every((id, i) => id === sorted[i]);
}

export function describeFound(found: Found): string {
  if (found === undefined) return 'nothing to compare';
  if (typeof found === 'number') return String(found);
  return `${found.length} traces (${found.slice(0, 2).join(', ')}…)`;
}
