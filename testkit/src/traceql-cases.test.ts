import { parseQuery, printQuery } from '@clew/traceql';
import { evaluateMetrics, evaluateQuery } from '@clew/traceql/evaluate';
import { checkRegex } from '@clew/traceql/validate-regex';
import { describe, expect, it } from 'vitest';
import { loadTraceqlCases, printFound, printSeries, type TraceqlCase, type World } from './traceql-cases.ts';

function answer(world: World, { query: text, range, stepNano }: TraceqlCase): string[] {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'metrics-query') {
    if (range === undefined) throw new Error('a metrics query needs a line `in from..to`.');
    return printSeries(evaluateMetrics(query, world.data, { range, ...(stepNano && { stepNano }) }).series);
  }
  const found = evaluateQuery(query, world.data, { ...(range && { range }) });
  return printFound(
    world,
    found.map(({ traceId, spansets }) => ({
      traceId,
      spansets: spansets.map(({ attributes, spans }) => ({
        attributes,
        spans: spans.map(({ span, selected }) => ({ name: span.name, selected })),
      })),
    })),
  );
}

const files = loadTraceqlCases();

describe.each(files)('$name', ({ world, cases }) => {
  it.each(cases)('$heading ($place): $query', (one) => {
    expect(answer(world, one)).toEqual(one.expected);
  });
});

describe('the cases', () => {
  const all = files.flatMap(({ cases }) => cases);

  it('are many, and no query is asked twice in one file and range', () => {
    expect(all.length).toBeGreaterThanOrEqual(250);
    for (const { cases } of files) {
      const asked = cases.map(
        ({ query, range, stepNano }) => `${range?.fromUnixNano} ${range?.toUnixNano} ${stepNano} ${query}`,
      );
      expect(asked.filter((one, index) => asked.indexOf(one) !== index)).toEqual([]);
    }
  });

  it('mean the same when they are printed', () => {
    for (const { world, cases } of files) {
      for (const one of cases) {
        const printed = { ...one, query: printQuery(parseQuery(one.query)) };
        expect(answer(world, printed), one.place).toEqual(one.expected);
      }
    }
  });
});
