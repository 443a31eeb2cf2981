import { parseQuery, printExpression } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { necessaryCondition } from './necessary-condition.ts';

function derived(text: string) {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new TypeError('a query of spansets');
  const { span, trace } = necessaryCondition(query.pipeline);
  return {
    span: printExpression(span),
    trace: trace.map(({ condition, atLeast }) => `${printExpression(condition)} ×${atLeast}`),
  };
}

describe('what must hold of a trace and its found spans', () => {
  it.each([
    ['{ .a = 1 }', '.a = 1', []],
    ['{ .a = 1 } >> { .b = 2 }', '.b = 2', ['.a = 1 ×1']],
    ['{ .a = 1 } << { }', 'true', ['.a = 1 ×1']],
    ['{ .a = 1 } &> { .b = 2 }', '.a = 1 || .b = 2', ['.a = 1 ×1', '.b = 2 ×1']],
    // What is not there may make it true.
    ['{ .a = 1 } !>> { .b = 2 }', '.b = 2', []],
    ['{ .a = 1 } || { .b = 2 }', '.a = 1 || .b = 2', []],
    ['{ .a = 1 } && { .b = 2 }', '.a = 1 || .b = 2', ['.a = 1 ×1', '.b = 2 ×1']],
    ['{ .a = 1 } | { .b = 2 }', '.a = 1 && .b = 2', ['.a = 1 ×1', '.a = 1 && .b = 2 ×1']],
    ['{ .a = 1 } | count() > 2', '.a = 1', ['.a = 1 ×3']],
    ['{ } | by(name) | 2 <= count()', 'true', ['true ×2']],
    ['{ } | count() < 2', 'true', []],
    ['{ .a = 1 } | avg(duration) > 1s', '.a = 1', ['.a = 1 && duration >= 1s ×1']],
    ['{ .a = 1 } | min(duration) < 1s', '.a = 1', ['.a = 1 && duration <= 1s ×1']],
    ['{ } | sum(duration) > 1s', 'true', []],
    ['{ } | max(duration) > 2 * count()', 'true', []],
    ['({ .a = 1 } | count() > 2) >> { .b = 2 }', '.b = 2', ['.a = 1 ×3', '.a = 1 ×1']],
  ])('%s', (text, span, trace) => {
    const found = derived(text);
    expect(found.span).toBe(span);
    // A filter alone needs nothing beyond the span it finds.
    expect(found.trace.filter((one) => one !== `${span} ×1`)).toEqual(trace.filter((one) => one !== `${span} ×1`));
  });
});

describe('what must hold of a span that stands beside a found one', () => {
  it.each([
    ['{ .a = 1 } > { .b = 2 }', 'parent .a = 1'],
    ['{ .a = 1 } < { .b = 2 }', 'child .a = 1'],
    ['{ .a = 1 } ~ { .b = 2 }', 'sibling .a = 1'],
    // Both sides are found, or one that is further away.
    ['{ .a = 1 } &> { .b = 2 }', undefined],
    ['{ .a = 1 } >> { .b = 2 }', undefined],
    ['{ .a = 1 } !> { .b = 2 }', undefined],
    ['({ .a = 1 } > { .b = 2 }) || { .c = 3 }', undefined],
    ['{ .c = 3 } >> ({ .a = 1 } > { .b = 2 })', 'parent .a = 1'],
    ['{ .c = 3 } | { .a = 1 } > { .b = 2 } | { .d = 4 }', 'parent .c = 3 && .a = 1'],
    ['({ .a = 1 } > { .b = 2 } | count() > 1) < { .c = 3 }', 'child .b = 2'],
  ])('%s', (text, expected) => {
    const query = parseQuery(text);
    if (query.kind !== 'spanset-query') throw new TypeError('a query of spansets');
    const { link } = necessaryCondition(query.pipeline);
    expect(link && `${link.relation} ${printExpression(link.condition)}`).toBe(expected);
  });
});
