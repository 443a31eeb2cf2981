/** The fixed cases of the language, answered from the store. */
import type { FoundAttribute, FoundTrace } from '@clew/contract';
import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { loadTraceqlCases, printFound, type TraceqlCase } from '@clew/testkit/traceql-cases';
import { parseQuery, printExpression, type SpansetQuery } from '@clew/traceql';
import { type NamedValue, type PlainValue, selectedFields } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { searchTraces } from './search.ts';

const EVERYTHING = { fromUnixNano: 0n, toUnixNano: 2n ** 64n - 1n };
const ALL_SPANS = 100;
/** Searches at work at the same time. */
const PARALLEL = 4;

const files = loadTraceqlCases();
let engine: TestStore;
let store: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  // Nothing is stored besides: what is known of attributes stays known.
  store = new ClickHouseSpanStore(engine, {}, undefined, true);
  // All in one store: each file is a tenant, and sees nothing of the others.
  for (const { name, world } of files) await engine.insert(world.data, name, Date.UTC(2026, 10, 20));
});

afterAll(() => engine.close());

function namedValue({ name, type, value }: FoundAttribute): NamedValue {
  return { name, value: plainValue(type, value) };
}

function plainValue(type: FoundAttribute['type'], value: string): PlainValue {
  const indexOf = (words: readonly string[]) => (words.includes(value) ? words.indexOf(value) : Number(value));
  switch (type) {
    case 'int':
    case 'duration':
      return { type, value: BigInt(value) };
    case 'double':
      return { type: 'float', value: Number(value) };
    case 'bool':
      return { type, value: value === 'true' };
    case 'status':
      return { type, value: indexOf(STATUS_CODES) };
    case 'kind':
      return { type, value: indexOf(SPAN_KINDS) };
    case 'nil':
      return { type };
    default:
      return { type, value };
  }
}

function spansetQuery({ query: text }: TraceqlCase): SpansetQuery | undefined {
  const query = parseQuery(text);
  return query.kind === 'spanset-query' ? query : undefined;
}

/** Only what select() names: searches also show what the filters name. */
function printable({ traceId, spansets }: FoundTrace, selected: ReadonlySet<string>) {
  return {
    traceId,
    spansets: spansets.map(({ attributes, spans }) => ({
      attributes: attributes.map(namedValue),
      spans: spans.map(({ name, attributes: values = [] }) => ({
        name,
        selected: values.filter((value) => selected.has(value.name)).map(namedValue),
      })),
    })),
  };
}

async function found(tenant: string, one: TraceqlCase) {
  const query = spansetQuery(one);
  const selected = new Set(query === undefined ? [] : selectedFields(query.pipeline).map(printExpression));
  const range = one.range ?? EVERYTHING;
  const { traces } = await searchTraces(store, {
    tenant,
    text: one.query,
    range,
    limit: 100,
    spansPerTrace: ALL_SPANS,
    // Nothing is to be cut short, however busy the machine is.
    options: { timeoutMs: 120_000 },
  });
  return traces.map((trace) => printable(trace, selected));
}

describe.each(files)('$name', ({ name, world, cases }) => {
  const searches = cases.filter((one) => spansetQuery(one) !== undefined);
  const timeout = 60_000 + searches.length * 4_000;

  it.runIf(searches.length > 0)(`answers ${searches.length} searches`, { timeout }, async () => {
    for (let done = 0; done < searches.length; done += PARALLEL) {
      await Promise.all(
        searches.slice(done, done + PARALLEL).map(async (one) => {
          const lines = printFound(world, await found(name, one));
          expect.soft(lines, `${one.place} ${one.query}`).toEqual(one.expected);
        }),
      );
    }
  });
});
