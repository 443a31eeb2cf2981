/** Traces of one page that lie hours apart are read by several statements, and all of them are found; what is not shown is not read. */
import type { TraceId } from '@clew/model';
import { type FieldExpression, parseFilterSyntax } from '@clew/traceql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickHouseSpanStore } from '../../reader.ts';
import { startTestStore, type TestStore } from '../proof/test-store.ts';

const FIRST_SECOND = 1_760_000_000n;
/** Seconds after the first: two near each other, two far from them and from each other. */
const STARTS = [0, 60, 20_000, 59_999];

let store: TestStore;

/** A trace a second, of one span each. */
const INSERT = `
  INSERT INTO spans (tenant, trace_id, service, name, start)
  SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), 'svc', concat('op ', toString(number)),
    fromUnixTimestamp64Nano((${FIRST_SECOND} + number) * 1000000000)
  FROM numbers(60000)`;

beforeAll(async () => {
  store = await startTestStore();
  await store.client.command(INSERT);
});

afterAll(() => store.close());

it('finds traces that lie hours apart', async () => {
  const { rows } = await store.client.selectJson<{ id: TraceId }>(
    `SELECT lower(hex(reinterpretAsFixedString(sipHash128(number)))) AS id
     FROM numbers(60000) WHERE number IN (${STARTS.join(', ')}) ORDER BY number`,
  );
  const traceIds = rows.map(({ id }) => id);
  const search = new ClickHouseSpanStore(store, { timesAboveSpans: 0, sliceAboveSpans: 0 }).openSearch('acme');
  const before = store.statements.length;
  const matches = await search.filterMatches({
    filter: parseFilterSyntax('{ name =~ "op .*" }').expression,
    range: { fromUnixNano: 0n, toUnixNano: 2n ** 63n },
    traceIds,
    spansPerTrace: 1,
    shown: [],
  });
  const found = traceIds.map((traceId) => matches.get(traceId));
  expect(found.map((match) => match?.summary.rootName)).toEqual(STARTS.map((at) => `op ${at}`));
  expect(found.map((match) => match?.matched[0]?.startUnixNano)).toEqual(
    STARTS.map((at) => (FIRST_SECOND + BigInt(at)) * 1_000_000_000n),
  );
  const reading = store.statements.slice(before).filter((text) => text.includes('GROUP BY trace_id, service'));
  expect(reading).toHaveLength(3);
});

function attribute(scope: 'span' | 'resource'): FieldExpression {
  return { kind: 'attribute', scope, key: 'region', at: { from: 0, to: 0 } };
}

it('reads which resource a span is of only where a shown value may be of it', async () => {
  const { rows } = await store.client.selectJson<{ id: TraceId }>('SELECT lower(hex(any(trace_id))) AS id FROM spans');
  const readsResource = async (shown: readonly FieldExpression[]): Promise<boolean> => {
    const before = store.statements.length;
    const search = new ClickHouseSpanStore(store).openSearch('acme');
    const matches = await search.filterMatches({
      filter: parseFilterSyntax('{ true }').expression,
      range: { fromUnixNano: 0n, toUnixNano: 2n ** 63n },
      traceIds: [rows[0].id],
      spansPerTrace: 1,
      shown,
    });
    expect(matches.get(rows[0].id)?.matched.map(({ service }) => service)).toEqual(['svc']);
    return store.statements.slice(before).some((text) => text.includes('AS is_match') && text.includes('resource_id'));
  };
  expect(await readsResource([])).toBe(false);
  expect(await readsResource([attribute('span')])).toBe(false);
  expect(await readsResource([attribute('resource')])).toBe(true);
});
