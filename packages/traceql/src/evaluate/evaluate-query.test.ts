import type { TraceData } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomSpansetQuery, randomSpansets } from '@clew/testkit/random-query';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../parse.ts';
import { printQuery, printSpansets } from '../print.ts';
import type { SpansetQuery } from '../tree.ts';
import { evaluateFilter } from './evaluate-filter.ts';
import { type EvaluateOptions, evaluateQuery, prepareQuery, selectedFields } from './evaluate-query.ts';
import { valueText } from './plain-value.ts';
import type { SpanInContext } from './trace-spans.ts';
import { listSpans } from './trace-spans.ts';

const SEED = 20_261_123;
const ROUNDS = 40;

function spansetQuery(text: string): SpansetQuery {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new Error(`not a query of spansets: ${text}`);
  return query;
}

/** Tells spans apart in data where ids repeat. */
function identity({ span, resource }: SpanInContext): string {
  return [span.traceId, span.spanId, span.parentSpanId, span.startTimeUnixNano, span.name, span.endTimeUnixNano]
    .concat(resource.attributes.map(({ key, value }) => `${key} ${JSON.stringify(value, replaceBigint)}`))
    .join(' ');
}

function replaceBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** The result with spans in an order of their own. */
function describeResult(query: SpansetQuery, data: TraceData, options: EvaluateOptions = {}) {
  return evaluateQuery(query, data, options).map(({ traceId, newestUnixNano, spansets }) => ({
    traceId,
    newestUnixNano,
    spansets: spansets.map(({ attributes, spans }) => ({
      attributes: attributes.map(({ name, value }) => `${name} ${valueText(value)}`),
      spans: spans.map(identity).toSorted(),
    })),
  }));
}

/** Every span in a resource and a scope of its own, in another order. */
function shuffled(random: Random, data: TraceData): TraceData {
  const spans = listSpans(data)
    .map((inContext) => ({ inContext, at: random.float() }))
    .sort((a, b) => a.at - b.at);
  return {
    resourceSpans: spans.map(({ inContext: { resource, scope, span } }) => ({
      resource,
      scopeSpans: [{ scope, spans: [span], schemaUrl: '' }],
      schemaUrl: '',
    })),
  };
}

/** The spans a text finds, as a sorted list. */
function spansOf(text: string, data: TraceData): string[] {
  return describeResult(spansetQuery(text), data)
    .flatMap(({ spansets }) => spansets.flatMap(({ spans }) => spans))
    .toSorted();
}

describe(`queries over random traces (seed ${SEED})`, () => {
  const random = new Random(SEED);
  const world = buildSmallWorld(random, 40);
  const vocabulary = buildVocabulary(world);
  const forQueries = (check: (query: SpansetQuery, text: string) => void) => {
    for (let i = 0; i < ROUNDS; i++) {
      const query = randomSpansetQuery(random, vocabulary);
      check(query, `query ${i}: ${printQuery(query)}`);
    }
  };

  it('find the same whatever the order of the data', () => {
    const other = shuffled(random, world);
    forQueries((query, text) => {
      expect(describeResult(query, other), text).toEqual(describeResult(query, world));
    });
  });

  it('find the same in a trace whether it is alone or among others', () => {
    forQueries((query, text) => {
      const evaluate = prepareQuery(query);
      const together = evaluate(world);
      for (const { traceId, spansets } of together.slice(0, 5)) {
        const alone = evaluate({
          resourceSpans: listSpans(world)
            .filter(({ span }) => span.traceId === traceId)
            .map(({ span, scope, resource }) => ({
              resource,
              scopeSpans: [{ scope, spans: [span], schemaUrl: '' }],
              schemaUrl: '',
            })),
        });
        expect(
          alone.map((trace) => trace.spansets),
          text,
        ).toEqual([spansets]);
      }
    });
  });

  it('find in two halves of the time what they find in the whole', () => {
    const middle = (WORLD_START_UNIX_NANO + WORLD_END_UNIX_NANO) / 2n;
    const [first, second] = [
      { fromUnixNano: 0n, toUnixNano: middle },
      { fromUnixNano: middle, toUnixNano: 2n ** 64n },
    ];
    forQueries((query, text) => {
      const spansIn = (range: EvaluateOptions['range']) =>
        describeResult(query, world, { ...(range && { range }) }).flatMap(({ spansets }) =>
          spansets.flatMap(({ attributes, spans }) => spans.map((span) => `${attributes.join()} ${span}`)),
        );
      expect([...spansIn(first), ...spansIn(second)].toSorted(), text).toEqual(spansIn(undefined).toSorted());
    });
  });

  it('are ordered newest first, sets of a trace too', () => {
    forQueries((query, text) => {
      const results = evaluateQuery(query, world);
      for (const [index, { newestUnixNano, traceId, spansets }] of results.entries()) {
        const newestFirst = (a: bigint, b: bigint) => Number(b - a);
        const starts = spansets.map(({ spans }) => {
          return spans.map(({ span }) => span.startTimeUnixNano).sort(newestFirst)[0];
        });
        expect(starts, text).toEqual(starts.toSorted(newestFirst));
        expect(starts[0], text).toBe(newestUnixNano);
        const next = results[index + 1];
        if (next === undefined) continue;
        const isOlder = next.newestUnixNano < newestUnixNano;
        expect(isOlder || (next.newestUnixNano === newestUnixNano && next.traceId < traceId), text).toBe(true);
      }
    });
  });

  it('split the right side between an operator and its negation, and join both sides with its union', () => {
    for (let i = 0; i < ROUNDS; i++) {
      const left = printSpansets(randomSpansets(random, vocabulary, 0));
      const right = printSpansets(randomSpansets(random, vocabulary, 0));
      const relation = random.pick(['>', '>>', '<', '<<', '~']);
      const converse = { '>': '<', '>>': '<<', '<': '>', '<<': '>>', '~': '~' }[relation];
      const label = `${left} ${relation} ${right}`;
      const related = spansOf(`${left} ${relation} ${right}`, world);
      const unrelated = spansOf(`${left} !${relation} ${right}`, world);
      expect([...related, ...unrelated].toSorted(), label).toEqual(spansOf(right, world));
      const both = new Set([...related, ...spansOf(`${right} ${converse} ${left}`, world)]);
      expect(new Set(spansOf(`${left} &${relation} ${right}`, world)), label).toEqual(both);
    }
  });

  it('find with one filter what evaluateFilter finds', () => {
    for (let i = 0; i < ROUNDS; i++) {
      const filter = randomSpansets(random, vocabulary, 0);
      if (filter.kind !== 'spanset-filter') throw new Error('not a filter.');
      const expected = evaluateFilter(filter.expression, world).map(identity).toSorted();
      expect(spansOf(printSpansets(filter), world), printSpansets(filter)).toEqual(expected);
    }
  });

  it('keep every span once when they are grouped and joined again', () => {
    for (const field of ['name', '.odd', 'span.tags', 'event.size', 'parent.region', 'status', 'duration / 2ms']) {
      expect(spansOf(`{ } | by(${field}) | coalesce()`, world), field).toEqual(spansOf('{ }', world));
      expect(spansOf(`{ } | by(${field})`, world), field).toEqual(spansOf('{ }', world));
    }
  });
});

describe('what is shown of spans', () => {
  const world = buildSmallWorld(new Random(SEED), 5);

  it('is what select() names anywhere, and what the caller adds', () => {
    const query = spansetQuery('({ } | select(name)) || { } | select(status, name) | count() > 0');
    const show = spansetQuery('{ } | select(span:id)').pipeline;
    const [trace] = evaluateQuery(query, world, { show: selectedFields(show) });
    const names = trace.spansets[0].spans[0].selected.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['name', 'span:id', 'status']);
  });

  it('is refused for regular expressions that do not work, with the place', () => {
    expect(() => evaluateQuery(spansetQuery('{ name =~ "(" }'), world)).toThrow(
      expect.objectContaining({ code: 'TRACEQL_TYPE', from: 10, to: 13 }),
    );
  });
});
