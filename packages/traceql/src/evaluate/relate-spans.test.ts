import { type SpanId, type TraceData, UNKNOWN_SERVICE } from '@clew/model';
import { buildSmallWorld } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../parse.ts';
import type { StructuralRelation } from '../tree.ts';
import { evaluateQuery } from './evaluate-query.ts';
import { relateSpans } from './relate-spans.ts';
import { splitTraces, type TraceSpans } from './trace-spans.ts';

const SEED = 20_261_121;
const RELATIONS: readonly StructuralRelation[] = ['>', '>>', '<', '<<', '~'];

/** The relation between two spans as SEMANTICS.md says it, one step at a time. */
function isRelated(trace: TraceSpans, relation: StructuralRelation, left: number, right: number): boolean {
  const span = (position: number) => trace.spans[position].span;
  const isChild = (parent: number, child: number) => span(child).parentSpanId === span(parent).spanId;
  switch (relation) {
    case '>':
      return isChild(left, right);
    case '<':
      return isChild(right, left);
    case '>>': {
      const below = new Set([left]);
      const found = new Set<number>();
      for (const above of below) {
        for (const child of trace.spans.keys()) {
          if (!isChild(above, child)) continue;
          found.add(child);
          below.add(child);
        }
      }
      return found.has(right);
    }
    case '<<':
      return isRelated(trace, '>>', right, left);
    case '~': {
      const parentId = span(right).parentSpanId;
      return left !== right && parentId !== '' && span(left).parentSpanId === parentId;
    }
  }
}

describe(`relations between spans (seed ${SEED})`, () => {
  const random = new Random(SEED);
  const traces = splitTraces(buildSmallWorld(random, 150));

  it.each(RELATIONS)('%s is what its definition says, in damaged traces too', (relation) => {
    for (const trace of traces) {
      const some = () => [...trace.spans.keys()].filter(() => random.chance(0.5));
      const [left, right] = [some(), some()];
      const expected = right.filter((r) => left.some((l) => isRelated(trace, relation, l, r)));
      expect(relateSpans(trace, relation, left, right), trace.traceId).toEqual(expected);
    }
  });

  it('nests the numbers of the tree as the spans are nested', () => {
    for (const trace of traces) {
      const { left, right, parent } = trace.nestedSet;
      const placed = [...trace.spans.keys()].filter((position) => left[position] > 0);
      const numbers = placed.flatMap((position) => [left[position], right[position]]);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
      for (const position of placed) {
        const above = placed.filter((other) => left[other] < left[position] && right[other] > right[position]);
        const nearest = above.reduce((most, other) => Math.max(most, left[other]), -1);
        expect(parent[position]).toBe(nearest);
      }
    }
  });
});

const SPANS = 100_000;

/** One trace of `count` spans in a mixed order; `parentOf` says whose child each is, undefined makes a root. */
function largeTrace(count: number, parentOf: (index: number) => number | undefined): TraceData {
  const id = (index: number) => (index + 1).toString(16).padStart(16, '0') as SpanId;
  const spans = Array.from({ length: count }, (_, i) => {
    const index = (i * 7_919) % count;
    const parent = parentOf(index);
    return {
      traceId: '1'.padStart(32, '0') as TraceSpans['traceId'],
      spanId: id(index),
      parentSpanId: parent === undefined ? ('' as SpanId) : id(parent),
      traceState: '',
      flags: 0,
      name: index % 2 === 0 ? 'even' : 'odd',
      kind: 0,
      startTimeUnixNano: BigInt(1_000 + index),
      endTimeUnixNano: BigInt(2_000 + index),
      attributes: [],
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 0, message: '' },
    };
  });
  const resource = { attributes: [], droppedAttributesCount: 0 };
  const scope = { name: UNKNOWN_SERVICE, version: '', attributes: [], droppedAttributesCount: 0 };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans, schemaUrl: '' }], schemaUrl: '' }] };
}

/** How many spans a query finds. */
function found(text: string, data: TraceData): number {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new Error(`not a query of spansets: ${text}`);
  return evaluateQuery(query, data).reduce((sum, { spansets }) => {
    return sum + spansets.reduce((count, { matchedCount }) => count + matchedCount, 0);
  }, 0);
}

/** Whoever compares every span with every other does not come to an end here before the test's time is over. */
describe(`traces of ${SPANS} spans`, { timeout: 120_000 }, () => {
  it('that are one chain', () => {
    const chain = largeTrace(SPANS, (index) => (index === 0 ? undefined : index - 1));
    expect(found('{ name = "odd" } &<< { name = "even" }', chain)).toBe(SPANS);
    expect(found('{ nestedSetLeft > 10 && span:childCount = 1 }', chain)).toBe(SPANS - 11);
  });

  it('that are one star', () => {
    const star = largeTrace(SPANS, (index) => (index === 0 ? undefined : 0));
    expect(found('{ name = "odd" } ~ { name = "odd" }', star)).toBe(SPANS / 2);
    expect(found(`{ nestedSetRight - nestedSetLeft = 1 || span:childCount = ${SPANS - 1} }`, star)).toBe(SPANS);
  });

  it('that are one circle, where every span is its own ancestor', () => {
    const circle = largeTrace(SPANS, (index) => (index + 1) % SPANS);
    expect(found('{ } << { }', circle)).toBe(SPANS);
    expect(found('{ nestedSetLeft != 0 }', circle)).toBe(0);
  });

  it('in as many groups', () => {
    const chain = largeTrace(SPANS, (index) => (index === 0 ? undefined : index - 1));
    expect(found('{ } | by(span:id) | count() = 1 | coalesce() | by(name) | count() > 2', chain)).toBe(SPANS);
  });
});

it('refuses to relate spans in so many groups that each walks through the whole trace', () => {
  const chain = largeTrace(5_000, (index) => (index === 0 ? undefined : index - 1));
  expect(() => found('{ } | by(span:id) | { } >> { }', chain)).toThrow(
    expect.objectContaining({ code: 'TRACEQL_LIMIT', from: 20, to: 30 }),
  );
  expect(found('{ } | by(span:id) | { } !> { }', chain)).toBe(5_000);
  expect(found('{ } | by(name) | { } >> { }', chain)).toBe(4_998);
});
