/** The random queries are of the whole language: each kind of node of the tree, and each word of each kind, occurs. */
import {
  type AggregateFunction,
  type ArithmeticOperator,
  type AttributeScope,
  type ComparisonOperator,
  type FieldExpression,
  type MetricsExpression,
  type MetricsFunction,
  type Pipeline,
  parseQuery,
  printQuery,
  type Query,
  type ScalarExpression,
  type SpansetExpression,
  type SpansetOperator,
  type Static,
} from '@clew/traceql';
import { INTRINSIC_TYPES } from '@clew/traceql/intrinsics';
import { describe, expect, it } from 'vitest';
import { buildSmallWorld } from './build-small-world.ts';
import { buildVocabulary } from './filter-vocabulary.ts';
import { Random } from './random.ts';
import { randomMetricsQuery, randomSpansetQuery } from './random-query.ts';

const FIRST_SEED = 20_261_121;
const SEEDS = 10;
const QUERIES_OF_A_SEED = 400;

// Records, so that a word that the language gets is missing here, which does not compile.
type Words<T extends string> = Readonly<Record<T, true>>;
const COMPARISONS: Words<ComparisonOperator> = {
  ...{ '=': true, '!=': true, '<': true, '<=': true, '>': true, '>=': true, '=~': true, '!~': true },
};
const ARITHMETIC: Words<ArithmeticOperator> = { '+': true, '-': true, '*': true, '/': true, '%': true, '^': true };
const SCOPES: Words<AttributeScope> = {
  ...{ any: true, span: true, resource: true, event: true, link: true, instrumentation: true },
};
const TYPES: Words<Static['type']> = {
  ...{ string: true, int: true, float: true, duration: true, bool: true, status: true, kind: true, nil: true },
};
const RELATIONS: Words<SpansetOperator> = {
  ...{ '&&': true, '||': true, '>': true, '>>': true, '<': true, '<<': true, '~': true },
  ...{ '!>': true, '!>>': true, '!<': true, '!<<': true, '!~': true },
  ...{ '&>': true, '&>>': true, '&<': true, '&<<': true, '&~': true },
};
const AGGREGATES: Words<AggregateFunction> = { count: true, min: true, max: true, sum: true, avg: true };
const FUNCTIONS: Words<MetricsFunction> = {
  ...{ rate: true, count_over_time: true, min_over_time: true, max_over_time: true, sum_over_time: true },
  ...{ avg_over_time: true, quantile_over_time: true, histogram_over_time: true },
};
const FIELDS: Words<FieldExpression['kind']> = {
  ...{ static: true, attribute: true, intrinsic: true, not: true, negate: true, comparison: true },
  ...{ logical: true, arithmetic: true },
};
const STAGES: Words<Pipeline['stages'][number]['kind']> = {
  ...{ 'spanset-filter': true, 'spanset-operation': true, 'wrapped-pipeline': true },
  ...{ 'scalar-filter': true, group: true, coalesce: true, select: true },
};
const HINTS = ['most_recent', 'sample', 'span_sample', 'trace_sample', 'exemplars', 'extrapolate', 'debug'];

const EXPECTED: readonly string[] = [
  ...Object.keys(FIELDS),
  ...Object.keys(INTRINSIC_TYPES).map((name) => `intrinsic ${name}`),
  ...Object.keys(SCOPES).map((scope) => `attribute ${scope}`),
  ...['any', 'span', 'resource'].map((scope) => `attribute ${scope} of the parent`),
  ...Object.keys(TYPES).map((type) => `literal ${type}`),
  ...Object.keys(COMPARISONS).map((operator) => `comparison ${operator}`),
  ...['comparison with a literal on the left', 'comparison of fields', 'comparison of conditions', 'logical &&'],
  ...['logical ||', 'a field as a condition'],
  ...Object.keys(ARITHMETIC).flatMap((operator) => [`arithmetic ${operator}`, `scalar arithmetic ${operator}`]),
  ...Object.keys(STAGES),
  ...Object.keys(RELATIONS).map((operator) => `spansets ${operator}`),
  ...Object.keys(AGGREGATES).map((name) => `aggregate ${name}`),
  ...['=', '!=', '<', '<=', '>', '>='].flatMap((operator) => [
    `scalar filter ${operator}`,
    `series filter ${operator}`,
  ]),
  ...['scalar filter with a literal on the left', 'scalar filter between aggregates', 'group by a condition'],
  ...['group by a calculation', 'stage in a later place'],
  ...Object.keys(FUNCTIONS).flatMap((name) => [`function ${name}`, `function ${name} by`]),
  ...['function quantile_over_time of several', 'compare', 'compare of the most frequent', 'compare of a part'],
  ...['topk', 'bottomk', 'series filter of a duration', 'series arithmetic +', 'series arithmetic -'],
  ...['series arithmetic *', 'series arithmetic /', 'series arithmetic with a number', 'stages of series arithmetic'],
  ...HINTS.map((name) => `hint ${name}`),
];

/** Counts what occurs. */
class Census {
  readonly counts = new Map<string, number>();

  query(query: Query): void {
    for (const { name } of query.hints) this.#note(`hint ${name}`);
    if (query.kind === 'spanset-query') this.#pipeline(query.pipeline);
    else this.#metrics(query.expression);
  }

  #note(kind: string, is = true): void {
    if (is) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  #pipeline({ stages }: Pipeline): void {
    for (const [at, stage] of stages.entries()) {
      this.#note('stage in a later place', at > 0);
      switch (stage.kind) {
        case 'scalar-filter':
          this.#note(stage.kind);
          this.#note(`scalar filter ${stage.operator}`);
          this.#note('scalar filter with a literal on the left', stage.left.kind === 'static');
          this.#note(
            'scalar filter between aggregates',
            ![stage.left, stage.right].some(({ kind }) => kind === 'static'),
          );
          this.#scalar(stage.left);
          this.#scalar(stage.right);
          break;
        case 'group':
          this.#note(stage.kind);
          this.#note('group by a condition', isCondition(stage.by));
          this.#note('group by a calculation', stage.by.kind === 'arithmetic');
          this.#field(stage.by);
          break;
        case 'coalesce':
          this.#note(stage.kind);
          break;
        case 'select':
          this.#note(stage.kind);
          for (const field of stage.fields) this.#field(field);
          break;
        default:
          this.#spansets(stage);
      }
    }
  }

  #spansets(expression: SpansetExpression): void {
    this.#note(expression.kind);
    if (expression.kind === 'spanset-filter') {
      const { kind } = expression.expression;
      this.#note('a field as a condition', kind === 'attribute' || kind === 'intrinsic');
      this.#field(expression.expression);
    } else if (expression.kind === 'wrapped-pipeline') this.#pipeline(expression.pipeline);
    else {
      this.#note(`spansets ${expression.operator}`);
      this.#spansets(expression.left);
      this.#spansets(expression.right);
    }
  }

  #scalar(scalar: ScalarExpression): void {
    if (scalar.kind === 'aggregate') {
      this.#note(`aggregate ${scalar.function}`);
      if (scalar.field !== undefined) this.#field(scalar.field);
    } else if (scalar.kind === 'scalar-arithmetic') {
      this.#note(`scalar arithmetic ${scalar.operator}`);
      this.#scalar(scalar.left);
      this.#scalar(scalar.right);
    }
  }

  #field(expression: FieldExpression): void {
    this.#note(expression.kind);
    switch (expression.kind) {
      case 'static':
        this.#note(`literal ${expression.static.type}`);
        return;
      case 'attribute':
        this.#note(`attribute ${expression.scope}${expression.ofParent ? ' of the parent' : ''}`);
        return;
      case 'intrinsic':
        this.#note(`intrinsic ${expression.intrinsic}`);
        return;
      case 'not':
      case 'negate':
        this.#field(expression.operand);
        return;
      default: {
        const { kind, operator, left, right } = expression;
        this.#note(`${kind} ${operator}`);
        if (kind === 'comparison') {
          this.#note('comparison with a literal on the left', left.kind === 'static');
          this.#note('comparison of fields', isField(left) && isField(right));
          this.#note('comparison of conditions', isCondition(left) && isCondition(right));
        }
        this.#field(left);
        this.#field(right);
      }
    }
  }

  #metrics(expression: MetricsExpression): void {
    if (expression.kind === 'static') return;
    for (const stage of expression.stages) {
      if (stage.kind === 'top') this.#note(stage.function);
      else {
        this.#note(`series filter ${stage.operator}`);
        this.#note('series filter of a duration', stage.isDuration);
      }
    }
    if (expression.kind === 'metrics-arithmetic') {
      const { operator, left, right, stages } = expression;
      this.#note(`series arithmetic ${operator}`);
      this.#note('series arithmetic with a number', left.kind === 'static' || right.kind === 'static');
      this.#note('stages of series arithmetic', stages.length > 0);
      this.#metrics(left);
      this.#metrics(right);
      return;
    }
    this.#pipeline(expression.pipeline);
    const { aggregate } = expression;
    if (aggregate.kind === 'compare') {
      this.#note('compare');
      this.#note('compare of the most frequent', aggregate.topN !== undefined);
      this.#note('compare of a part', aggregate.startUnixNano !== undefined);
      this.#spansets(aggregate.selection);
      return;
    }
    const { function: name, field, by, quantiles } = aggregate;
    this.#note(`function ${name}`);
    this.#note(`function ${name} by`, by.length > 0);
    this.#note(`function ${name} of several`, quantiles.length > 1);
    for (const one of field === undefined ? by : [field, ...by]) this.#field(one);
  }
}

function isField({ kind }: FieldExpression): boolean {
  return kind === 'attribute' || kind === 'intrinsic';
}

function isCondition({ kind }: FieldExpression): boolean {
  return kind === 'comparison' || kind === 'logical' || kind === 'not';
}

describe(`random queries of ${SEEDS} seeds from ${FIRST_SEED}`, () => {
  it('have every kind of node of the language in them, and read back as printed', () => {
    const census = new Census();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const random = new Random(seed);
      const vocabulary = buildVocabulary(buildSmallWorld(random, 20));
      for (let i = 0; i < QUERIES_OF_A_SEED; i++) {
        const make = i % 2 === 0 ? randomSpansetQuery : randomMetricsQuery;
        // As it is read: what only a tree can say does not count.
        census.query(parseQuery(printQuery(make(random, vocabulary))));
      }
    }
    const missing = EXPECTED.filter((kind) => (census.counts.get(kind) ?? 0) < SEEDS / 2);
    expect(missing, 'kinds that are never or hardly ever generated').toEqual([]);
  });
});
