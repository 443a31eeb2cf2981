import { describe, expect, it } from 'vitest';
import { parseSyntax } from './parse.ts';
import { printExpression, printFilter, printScalar } from './print.ts';
import type { MetricsExpression, Pipeline, PipelineStage, Query, SpansetExpression } from './tree.ts';

/** Every operator with its operands in brackets, and every node by its kind. */
function shapeOf(query: Query): string {
  return query.kind === 'spanset-query' ? pipelineShape(query.pipeline) : metricsShape(query.expression);
}

function pipelineShape({ stages }: Pipeline): string {
  return stages.map(stageShape).join(' | ');
}

function stageShape(stage: PipelineStage): string {
  switch (stage.kind) {
    case 'scalar-filter':
      return `[${printScalar(stage.left)}] ${stage.operator} [${printScalar(stage.right)}]`;
    case 'group':
      return `by ${printExpression(stage.by)}`;
    case 'select':
      return `select ${stage.fields.map(printExpression).join(' ')}`;
    case 'coalesce':
      return 'coalesce';
    default:
      return spansetShape(stage);
  }
}

function spansetShape(expression: SpansetExpression): string {
  switch (expression.kind) {
    case 'spanset-filter':
      return printFilter(expression).replace(/^\{ (?:\.)?(.*?) ?\}$/, '$1') || 'all';
    case 'wrapped-pipeline':
      return `<${pipelineShape(expression.pipeline)}>`;
    case 'spanset-operation':
      return `[${spansetShape(expression.left)} ${expression.operator} ${spansetShape(expression.right)}]`;
  }
}

function metricsShape(expression: MetricsExpression): string {
  if (expression.kind === 'static') return printExpression(expression);
  const stages = expression.stages
    .map((stage) => (stage.kind === 'top' ? ` ${stage.function} ${stage.count}` : ` ${stage.operator} ${stage.value}`))
    .join(',');
  if (expression.kind === 'metrics-arithmetic') {
    return `[${metricsShape(expression.left)} ${expression.operator} ${metricsShape(expression.right)}]${stages}`;
  }
  const { aggregate } = expression;
  const name = aggregate.kind === 'compare' ? 'compare' : aggregate.function;
  return `${name}(${pipelineShape(expression.pipeline)})${stages}`;
}

describe('operators between filters', () => {
  it.each([
    ['{ .a } && { .b } || { .c }', '[[a && b] || c]'],
    ['{ .a } || { .b } && { .c }', '[[a || b] && c]'],
    ['{ .a } || ({ .b } && { .c })', '[a || [b && c]]'],
    ['{ .a } && { .b } > { .c }', '[a && [b > c]]'],
    ['{ .a } > { .b } && { .c }', '[[a > b] && c]'],
    ['{ .a } > { .b } >> { .c } ~ { .d }', '[[[a > b] >> c] ~ d]'],
    ['{ .a } !>> { .b } &<< { .c }', '[[a !>> b] &<< c]'],
    ['{ .a } > ({ .b } > { .c })', '[a > [b > c]]'],
    ['{ .a } | { .b } && { .c }', 'a | [b && c]'],
    ['({ .a } | { .b }) && { .c }', '[<a | b> && c]'],
    ['{ .a } && ({ .b } | count() > 2)', '[a && <b | [count()] > [2]>]'],
    ['{ .a } ~ (count() > 2)', '[a ~ <[count()] > [2]>]'],
    ['(({ .a } | { .b })) > ({ .c })', '[<a | b> > c]'],
    ['(({ .a } | { .b }) && { .c } | { .d }) || { .e }', '[<[<a | b> && c] | d> || e]'],
  ])('group %s as %s', (text, expected) => {
    expect(shapeOf(parseSyntax(text))).toBe(expected);
  });
});

describe('pipelines', () => {
  it.each([
    [
      '{ .a } | by(name) | count() > 2 | coalesce() | select(.b, kind)',
      'a | by name | [count()] > [2] | coalesce | select .b kind',
    ],
    ['({ .a } | { .b }) | { .c }', 'a | b | c'],
    ['{ .a } | ({ .b } | { .c })', 'a | b | c'],
    ['((({ .a }) | ({ .b })))', 'a | b'],
    ['{ .a } | (count() > 2)', 'a | [count()] > [2]'],
    ['count() + 1 * 2 > 3', '[count() + 2] > [3]'],
    ['(count() + 1) * 2 > 3', '[(count() + 1) * 2] > [3]'],
    ['1 < count()', '[1] < [count()]'],
    ['max(duration) - min(duration) > avg(duration) / 2', '[max(duration) - min(duration)] > [avg(duration) / 2]'],
    ['avg(-.a * 2) > 1', '[avg(-(.a * 2))] > [1]'],
  ])('read %s as %s', (text, expected) => {
    expect(shapeOf(parseSyntax(text))).toBe(expected);
  });
});

describe('metrics', () => {
  it.each([
    ['{ .a } | { .b } | rate()', 'rate(a | b)'],
    ['{ .a } && { .b } | rate()', 'rate([a && b])'],
    ['({ .a } | count() > 2) && { .b } | rate()', 'rate([<a | [count()] > [2]> && b])'],
    ['{ .a } | rate() > 5', 'rate(a) > 5'],
    ['{ .a } | rate() > 5 | topk(3) < 9', 'rate(a) > 5, topk 3, < 9'],
    ['{ .a } | avg_over_time(duration) > 1500ms', 'avg_over_time(a) > 1.5'],
    ['({ .a } | rate()) | topk(3)', 'rate(a) topk 3'],
    ['(({ .a } | rate()) > 5) | topk(3)', 'rate(a) > 5, topk 3'],
    ['({ .a } | rate()) + ({ .b } | rate()) * 2', '[rate(a) + [rate(b) * 2]]'],
    ['(({ .a } | rate()) + ({ .b } | rate())) * 2', '[[rate(a) + rate(b)] * 2]'],
    ['({ .a } | rate()) - ({ .b } | rate()) - 1', '[[rate(a) - rate(b)] - 1]'],
    ['100 * ({ .a } | rate()) / ({ .b } | rate()) > 5', '[[100 * rate(a)] / rate(b)] > 5'],
    ['({ .a } | rate()) / (({ .b } | rate()) > 5)', '[rate(a) / rate(b) > 5]'],
    ['({ .a } | rate() | topk(2)) / ({ .b } | rate()) | bottomk(1)', '[rate(a) topk 2 / rate(b)] bottomk 1'],
    ['-1 * ({ .a } | rate()) * (1 + 1)', '[[-1 * rate(a)] * 2]'],
    ['{ .a } | compare({ .b }, 5)', 'compare(a)'],
  ])('read %s as %s', (text, expected) => {
    expect(shapeOf(parseSyntax(text))).toBe(expected);
  });

  it('keep fields, quantiles and groups', () => {
    const query = parseSyntax('{ } | quantile_over_time(span.size, .5, 1) by(name, parent.resource.a)');
    expect(query).toMatchObject({
      kind: 'metrics-query',
      expression: {
        aggregate: {
          function: 'quantile_over_time',
          field: { scope: 'span', key: 'size' },
          quantiles: [0.5, 1],
          by: [{ intrinsic: 'name' }, { scope: 'resource', key: 'a', ofParent: true }],
        },
      },
    });
  });

  it('keep what compare is given', () => {
    const aggregate = { selection: { kind: 'spanset-filter' }, topN: 7, startUnixNano: 1n, endUnixNano: 2n };
    expect(parseSyntax('{ } | compare({ .a }, 7, 1, 2)')).toMatchObject({ expression: { aggregate } });
    const query = parseSyntax('{ } | compare({ .a })');
    expect(query.kind === 'metrics-query' && Object.keys(query.expression)).toContain('aggregate');
    expect(query).not.toHaveProperty('expression.aggregate.topN');
  });
});

describe('hints and ranges', () => {
  it('keep names and values', () => {
    expect(parseSyntax('{ } with (most_recent=true, sample=-0.5)').hints).toMatchObject([
      { name: 'most_recent', value: { type: 'bool', value: true }, at: { from: 10, to: 26 } },
      { name: 'sample', value: { type: 'float', value: -0.5 } },
    ]);
  });

  it('tell where every part stands', () => {
    const query = parseSyntax(' ({ .a } | by(.b)) && { .c } | count() > 2 with (sample=1) ');
    expect(query).toMatchObject({
      at: { from: 1, to: 58 },
      pipeline: {
        at: { from: 1, to: 42 },
        stages: [
          {
            at: { from: 1, to: 28 },
            left: { at: { from: 1, to: 18 }, pipeline: { at: { from: 2, to: 17 } } },
            right: { at: { from: 22, to: 28 } },
          },
          { at: { from: 31, to: 42 }, left: { at: { from: 31, to: 38 } }, right: { at: { from: 41, to: 42 } } },
        ],
      },
    });
  });
});
