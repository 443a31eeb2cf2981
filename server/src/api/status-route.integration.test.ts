import type { StatusAnswer } from '@clew/contract';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { addStatusRoute } from './status-route.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);

let engine: TestStore;
let storedSpans = 0;
const api = new Hono();

beforeAll(async () => {
  engine = await startTestStore();
  addStatusRoute(api, {
    store: new ClickHouseSpanStore(engine),
    tenantOf: (headers) => headers.get('x-scope-orgid') ?? 'acme',
    status: () => ({
      version: '0',
      startedUnixMs: 0,
      spans: { received: 0, accepted: 0, refused: 0, stored: storedSpans },
      acceptedPerSecond: 0,
      journal: { entries: 0, bytes: 0, oldestAgeMs: 0 },
      endpoints: { otlpGrpc: '', otlpHttp: '', ui: '', tempo: '' },
    }),
  });
});
afterAll(() => engine.close());

async function hasSpans(tenant = 'acme'): Promise<boolean> {
  const response = await api.request('/api/v1/status', { headers: { 'x-scope-orgid': tenant } });
  return ((await response.json()) as StatusAnswer).hasSpans;
}

describe('whether a tenant has spans', () => {
  it('is asked of the store once in a while, once this Clew has stored some, and not again when it has', async () => {
    const asked = () => engine.statements.length;
    for (let i = 0; i < 20; i++) expect(await hasSpans()).toBe(false);
    // A second may have gone by on a busy machine, but not with each.
    const before = asked();
    expect(before).toBeLessThan(20);
    await engine.insert(
      generateRealisticTraces({ seed: 1, traces: 1, startTimeUnixNano: BigInt(NOW_MS) * 1_000_000n }),
      'acme',
      NOW_MS,
    );
    storedSpans = 1;
    expect(await hasSpans()).toBe(true);
    const known = asked();
    for (let i = 0; i < 5; i++) expect(await hasSpans()).toBe(true);
    expect(asked()).toBe(known);
    expect(await hasSpans('nobody')).toBe(false);
    expect(asked()).toBe(known + 1);
  });

  it('is found out when another Clew has stored them', async () => {
    expect(await hasSpans('other')).toBe(false);
    await engine.insert(
      generateRealisticTraces({ seed: 2, traces: 1, startTimeUnixNano: BigInt(NOW_MS) * 1_000_000n }),
      'other',
      NOW_MS,
    );
    await vi.waitFor(async () => expect(await hasSpans('other')).toBe(true), { timeout: 30_000, interval: 100 });
  });
});
