import type { OtlpJsonAttribute, SpanAnswer } from '@clew/contract';
import { valueText } from '../trace/attribute-value.ts';

export type PairScope = 'span' | 'resource' | 'scope';
export type PairMark = 'equal' | 'differs' | 'onlyA' | 'onlyB';

/** One attribute of two spans. */
export interface PairedAttribute {
  readonly scope: PairScope;
  readonly key: string;
  /** As people read it; undefined where the span does not have it. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly mark: PairMark;
}

/** The attributes of two spans by scope and key. A value of another type is another value. */
export function pairAttributes(a: SpanAnswer | undefined, b: SpanAnswer | undefined): PairedAttribute[] {
  return (['span', 'resource', 'scope'] as const).flatMap((scope) => {
    const inA = attributesOf(a, scope);
    const inB = attributesOf(b, scope);
    return [...new Set([...inA.keys(), ...inB.keys()])].sort().map((key) => {
      const one = inA.get(key);
      const other = inB.get(key);
      return {
        ...{ scope, key },
        a: one === undefined ? undefined : valueText(one.value),
        b: other === undefined ? undefined : valueText(other.value),
        mark: markOf(one, other),
      };
    });
  });
}

function markOf(a: OtlpJsonAttribute | undefined, b: OtlpJsonAttribute | undefined): PairMark {
  if (b === undefined) return 'onlyA';
  if (a === undefined) return 'onlyB';
  return JSON.stringify(a.value) === JSON.stringify(b.value) ? 'equal' : 'differs';
}

function attributesOf(answer: SpanAnswer | undefined, scope: PairScope): Map<string, OtlpJsonAttribute> {
  const attributes = answer === undefined ? [] : (answer[scope].attributes ?? []);
  return new Map(attributes.map((attribute) => [attribute.key, attribute]));
}
