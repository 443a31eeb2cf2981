import { NO_SPAN_ID, type SpanId } from '@clew/model';
import type { Random } from './random.ts';

/** A span's place in its trace. */
export interface ShapedSpan {
  readonly spanId: SpanId;
  /** Empty for a root. */
  readonly parentSpanId: SpanId;
}

/**
 * The spans of one trace: at random with few ids (repeated ids, circles, missing parents, several roots), or a tree,
 * a chain, a star, now and then with parts missing, sent twice or bent into circles.
 */
export function randomShape(random: Random): readonly ShapedSpan[] {
  switch (random.below(6)) {
    case 0:
    case 1:
      return anything(random);
    case 2:
      return damaged(
        random,
        grow(random, random.chance(0.9) ? random.between(2, 25) : random.between(50, 70), (index) => index - 1),
      );
    case 3:
      return grow(random, random.between(2, 12), () => 0);
    default:
      return damaged(
        random,
        grow(random, random.between(1, 14), (index) => random.below(index)),
      );
  }
}

function anything(random: Random): readonly ShapedSpan[] {
  // Some differ in their first half only.
  const id = (): string =>
    random.chance(0.8)
      ? `00000000000000${random.between(16, 99)}`
      : `f${random.below(9)}0000000000001${random.below(9)}`;
  const ids = random.list(2, 6, () => id() as SpanId);
  return random.list(1, 9, () => ({
    spanId: random.pick(ids),
    parentSpanId: random.chance(0.3) ? NO_SPAN_ID : random.pick(ids),
  }));
}

/** Spans with ids of their own, each but the first under one before it. */
function grow(random: Random, count: number, parentOf: (index: number) => number): ShapedSpan[] {
  const base = random.chance(0.9) ? BigInt(random.between(1, 200)) : 2n ** 64n - 100n;
  const id = (index: number) => (base + BigInt(index)).toString(16).padStart(16, '0') as SpanId;
  return Array.from({ length: count }, (_, index) => ({
    spanId: id(index),
    parentSpanId: index === 0 ? NO_SPAN_ID : id(parentOf(index)),
  }));
}

function damaged(random: Random, spans: readonly ShapedSpan[]): readonly ShapedSpan[] {
  if (random.chance(0.4)) return spans;
  return spans.flatMap((span, index) => {
    if (index > 0 && random.chance(0.08)) return [];
    if (random.chance(0.06)) return [span, span];
    if (random.chance(0.05)) return { ...span, parentSpanId: NO_SPAN_ID };
    if (random.chance(0.05)) return { ...span, parentSpanId: random.pick(spans).spanId };
    return span;
  });
}
