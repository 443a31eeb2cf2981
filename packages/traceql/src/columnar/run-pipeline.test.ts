/** The evaluator is the judge: random queries over random traces, equal sets. */
import { buildSmallWorld } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomSpansetQuery } from '@clew/testkit/random-query';
import { describe, expect, it } from 'vitest';
import { numberOf } from '../evaluate/arithmetic.ts';
import { compileCondition, compileExpression } from '../evaluate/compile-expression.ts';
import { compilePipeline, wholeTrace } from '../evaluate/compile-pipeline.ts';
import { type PlainValue, valueKey } from '../evaluate/plain-value.ts';
import { compareAttributes, type NamedValue } from '../evaluate/spanset.ts';
import { splitTraces, type TraceSpans } from '../evaluate/trace-spans.ts';
import { plainValue } from '../evaluate/value.ts';
import { parseQuery } from '../parse.ts';
import { printPipeline, printQuery } from '../print.ts';
import { isSameQuery } from '../same-query.ts';
import type { FieldExpression, Pipeline } from '../tree.ts';
import { type ColumnPlan, planColumns } from './plan-columns.ts';
import { preparePipeline, type RowSet } from './run-pipeline.ts';
import {
  DURATION_NUMBER,
  FLOAT_NUMBER,
  type GroupColumn,
  INT_NUMBER,
  type NumberColumn,
  type SpanTable,
} from './span-table.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_QUERIES ?? 1_200);
/** Few, so that there are many queries for the time. */
const TRACES = 6;
/** Queries asked of the same traces. */
const QUERIES_OF_A_WORLD = 125;

interface Row {
  readonly trace: TraceSpans;
  readonly position: number;
}

/** The rows a store would give: all spans, or those that any condition keeps, in another order than the data's. */
function rowsOf(traces: readonly TraceSpans[], plan: ColumnPlan): { readonly rows: Row[]; readonly starts: number[] } {
  const tests = plan.conditions.map(compileCondition);
  const rows: Row[] = [];
  const starts = [0];
  for (const trace of traces) {
    for (const position of [...trace.spans.keys()].reverse()) {
      if (plan.needsAllSpans || tests.some((test) => test(trace, position))) rows.push({ trace, position });
    }
    starts.push(rows.length);
  }
  return { rows, starts };
}

function tableOf(rows: readonly Row[], starts: readonly number[], plan: ColumnPlan): SpanTable {
  return {
    traceStarts: Uint32Array.from(starts),
    spanIds: wordsOf(rows.map(({ trace, position }) => trace.spans[position].span.spanId)),
    parentIds: wordsOf(rows.map(({ trace, position }) => trace.spans[position].span.parentSpanId)),
    conditions: plan.conditions.map((condition) => {
      const test = compileCondition(condition);
      return Uint8Array.from(rows, ({ trace, position }) => Number(test(trace, position)));
    }),
    groups: plan.groups.map((expression) => groupColumn(rows, expression)),
    numbers: plan.numbers.map((expression) => numberColumn(rows, expression)),
  };
}

function wordsOf(ids: readonly string[]): Int32Array {
  return Int32Array.from(
    ids.flatMap((id) => [Number.parseInt(id.slice(8), 16) || 0, Number.parseInt(id.slice(0, 8), 16) || 0]),
  );
}

function groupColumn(rows: readonly Row[], expression: FieldExpression): GroupColumn {
  const read = compileExpression(expression);
  const known = new Map<string, number>();
  const values: PlainValue[] = [];
  const ids = rows.map(({ trace, position }) => {
    const value = plainValue(read(trace, position));
    const id = known.get(valueKey(value)) ?? values.push(value) - 1;
    known.set(valueKey(value), id);
    return id;
  });
  return { ids: Uint32Array.from(ids), values };
}

function numberColumn(rows: readonly Row[], expression: FieldExpression): NumberColumn {
  const read = compileExpression(expression);
  const column = {
    kinds: new Uint8Array(rows.length),
    ints: new BigInt64Array(rows.length),
    floats: new Float64Array(rows.length),
  };
  for (const [row, { trace, position }] of rows.entries()) {
    const number = numberOf(read(trace, position));
    if (number === undefined) continue;
    if (number.type === 'float') {
      column.kinds[row] = FLOAT_NUMBER;
      column.floats[row] = number.value;
    } else {
      column.kinds[row] = number.type === 'int' ? INT_NUMBER : DURATION_NUMBER;
      column.ints[row] = number.value;
    }
  }
  return column;
}

/**
 * Of an aggregate the number only: sums of floats depend on the order of their parts in the last digits, and of an int
 * and a float that are equal either may be the least.
 */
function textOf({ name, value }: NamedValue): string {
  if (value.type === 'nil') return `${name}=nil`;
  if (value.type === 'float' || (!name.startsWith('by(') && typeof value.value === 'bigint')) {
    return `${name}=${Number(value.value).toPrecision(12)}`;
  }
  return `${name}=${valueKey(value)}`;
}

interface Set {
  readonly attributes: readonly NamedValue[];
  readonly positions: readonly number[];
}

function comparable(sets: readonly Set[]): string[] {
  return sets
    .toSorted((a, b) => compareAttributes(a.attributes, b.attributes))
    .map(({ attributes, positions }) => `${attributes.map(textOf)}: ${positions.toSorted((a, b) => a - b)}`)
    .toSorted();
}

function check(pipeline: Pipeline, traces: readonly TraceSpans[], label: string): number {
  const plan = planColumns(pipeline);
  const run = preparePipeline(pipeline, plan);
  const { rows, starts } = rowsOf(traces, plan);
  const table = tableOf(rows, starts, plan);
  const judge = compilePipeline(pipeline);
  let found = 0;
  for (const [at, trace] of traces.entries()) {
    const expected = judge(trace, wholeTrace(trace)).map(({ attributes, spans }) => ({ attributes, positions: spans }));
    const sets = run(table, at).map(({ attributes, rows: kept }: RowSet) => {
      return { attributes, positions: Array.from(kept, (row) => rows[row].position) };
    });
    const [is, should] = [comparable(sets), comparable(expected)];
    // A matcher for each of tens of thousands of traces would cost more than all of the rest.
    if (is.join('\n') !== should.join('\n')) {
      expect(is, `${label}: ${printPipeline(pipeline)}, trace ${at}`).toEqual(should);
    }
    if (sets.length > 0) found++;
  }
  return found;
}

describe(`a pipeline over columns (seed ${SEED})`, () => {
  it(`finds what the evaluator finds, for ${QUERIES} random queries`, { timeout: 60_000 + QUERIES * 100 }, () => {
    const random = new Random(SEED);
    let telling = 0;
    for (let done = 0; done < QUERIES; done += QUERIES_OF_A_WORLD) {
      const world = buildSmallWorld(random, TRACES);
      const vocabulary = buildVocabulary(world);
      const few = splitTraces(world);
      for (let i = done; i < Math.min(QUERIES, done + QUERIES_OF_A_WORLD); i++) {
        const query = randomSpansetQuery(random, vocabulary);
        const text = printQuery(query);
        const label = `seed ${SEED}, query ${i}`;
        if (!isSameQuery(parseQuery(text), query)) expect.fail(`${label}: read back otherwise than printed: ${text}`);
        const found = check(query.pipeline, few, label);
        if (found > 0 && found < few.length) telling++;
      }
    }
    // Queries that find all or nothing would prove little.
    expect(telling / QUERIES).toBeGreaterThan(0.25);
  });

  const traces = splitTraces(buildSmallWorld(new Random(SEED), 40));

  it.each([
    '{ } >> { }',
    '{ } << { }',
    '{ } &>> { }',
    '{ } !>> { }',
    '{ } !< { }',
    '{ } ~ { }',
    '{ status = error } &~ { }',
    '({ } | by(name) | count() > 1) !~ { }',
    '({ status = error } && { status = ok }) &<< { kind = client }',
  ])('relates spans with repeated ids and circles of parents: %s', (text) => {
    const query = parseQuery(text);
    if (query.kind !== 'spanset-query') throw new TypeError('a query of spansets');
    check(query.pipeline, traces, `seed ${SEED}`);
  });
});
