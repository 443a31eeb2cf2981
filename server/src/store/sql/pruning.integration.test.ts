/** Which conditions spare reading: what EXPLAIN says of primary key and bloom filters, on parts of many granules. */
import { parseFilterSyntax, printString } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import { AttributeTypes, attributeKeysOf } from './attribute-types.ts';
import { compileBounds } from './compile-filter.ts';
import { TenantScope } from './tenant-scope.ts';

const RANGE = { fromUnixNano: 0n, toUnixNano: 2n ** 63n };
const SPANS = 120_000;

let store: TestStore;

/** Forty services in the order of the sort key, a value of its own for each span; an event in a hundred, mostly alike. */
const INSERT = `
  INSERT INTO spans (tenant, trace_id, service, name, start, user_id, url_path, attributes_string, attributes_int,
    events_and_links)
  SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), concat('svc-', leftPad(toString(number % 40), 2, '0')),
    'op', fromUnixTimestamp64Nano(1760000000000000000 + number), concat('u', toString(number)), '/a',
    map('cart.id', concat('c', toString(number))), map('items', number),
    if(number % 100 > 0, map(), map('', concat('1', reinterpretAsFixedString(sipHash128(number)),
      reinterpretAsFixedString(sipHash64(number)), toFixedString('', 8)),
      if(number = 77000, 'oops', 'log'), concat('0', toFixedString('', 12)),
      'level', if(number = 77000, 'sodd', 'swarn'), if(number = 77000, 'seldom', 'often'), 'sx'))
  FROM numbers(${SPANS})`;

beforeAll(async () => {
  store = await startTestStore();
  await store.client.command(INSERT);
  await store.client.command('OPTIMIZE TABLE spans FINAL');
});

afterAll(() => store.close());

/** Granules that are left to read, and all. */
async function granules(text: string): Promise<{ read: number; all: number }> {
  const filter = parseFilterSyntax(text).expression;
  const keys = attributeKeysOf(filter);
  const types = new AttributeTypes([
    ...keys.map((key) => ({ owner: 'span' as const, key, types: key === 'items' ? [3] : [1] })),
    ...keys.map((key) => ({ owner: 'resource' as const, key, types: [1] })),
    ...keys.map((key) => ({ owner: 'event' as const, key, types: [1] })),
  ]);
  const scope = new TenantScope('acme');
  const { sql } = compileBounds(filter, { scope, range: RANGE, types });
  const statement = scope.statement(`SELECT count() ${scope.from('spans', [sql])}`);
  const { rows } = await store.client.selectJson<{ explain: string }>(
    `EXPLAIN indexes = 1 ${statement.text}`,
    statement.parameters,
  );
  // Each index says "Granules: left/before": the first is asked about all, the last leaves what is read.
  const steps = rows.flatMap(({ explain }) => /Granules: (\d+)\/(\d+)/.exec(explain)?.slice(1).map(Number) ?? []);
  return { read: steps.at(-2) ?? Number.NaN, all: steps[1] ?? Number.NaN };
}

const ODD = `q'"\\\n\t{p0:String}]`;

describe('several texts of one field', () => {
  it('arrive as they were written, whatever is in them', async () => {
    await store.client.command(
      "INSERT INTO spans (tenant, name, start, attributes_string) VALUES ('odd', 'op', 1, map('cart.id', " +
        "'q\\'\"\\\\\\n\\t{p0:String}]'))",
    );
    const text = printString(ODD);
    const filter = parseFilterSyntax(`{ span.cart.id = ${text} || span.cart.id = "x" }`).expression;
    const scope = new TenantScope('odd');
    const { sql } = compileBounds(filter, { scope, range: RANGE });
    const { text: statement, parameters } = scope.statement(
      `SELECT attributes_string['cart.id'] AS id ${scope.from('spans', [sql])}`,
    );
    expect((await store.client.selectJson(statement, parameters)).rows).toEqual([{ id: ODD }]);
  });
});

describe('reading is spared', () => {
  it.each([
    ['one text of an attribute', '{ span.cart.id = "c77" }', 4],
    ['several texts of an attribute', '{ span.cart.id = "c1" || span.cart.id = "c77000" }', 5],
    ['alternatives of a pattern', '{ span.cart.id =~ "c1|c77000|none" }', 5],
    ['several texts of a promoted attribute', '{ span.user.id = "u1" || span.user.id =~ "u99|u98" }', 5],
    ['a service', '{ resource.service.name = "svc-03" }', 2],
    ['several services', '{ resource.service.name =~ "svc-03|svc-04" }', 3],
    ['services by their beginning', '{ resource.service.name =~ "svc-0.*" }', 6],
    ['services by the beginning of a pattern', '{ resource.service.name =~ "svc-0[0-9]" }', 6],
    ['a trace', '{ trace:id = "1" }', 3],
    ['a text of an event', '{ event.level = "odd" }', 4],
    ['several texts of an event', '{ event.level = "odd" || event.level = "even" }', 5],
    ['the name of an event', '{ event:name = "oops" }', 3],
    ['names of events', '{ event:name =~ "oops|none" }', 4],
    ['an attribute that few events have', '{ event.seldom =~ "x.*" }', 3],
    ['whether an event has it', '{ event.seldom != nil }', 3],
    ['the trace of a link', '{ link:traceID = "0123456789abcdef0123456789abcdef" }', 2],
    ['the span of a link', '{ link:spanID = "0123456789abcdef" }', 2],
    ['traces of links', '{ link:traceID =~ "0123456789abcdef0123456789abcdef|0223456789abcdef0123456789abcdef" }', 3],
  ])('for %s', async (_what, filter, most) => {
    const { read, all } = await granules(filter);
    expect(all).toBeGreaterThanOrEqual(Math.floor(SPANS / 8192));
    expect(read).toBeLessThanOrEqual(most);
  });

  it('but not where any granule may have it: the measure is one of the data, not of the test', async () => {
    const { read, all } = await granules('{ span.cart.id =~ ".*7.*" }');
    expect(read).toBeGreaterThan(all / 2);
  });
});
