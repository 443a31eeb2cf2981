/** The life of one follower, on a socket and the real engine: it is kept awake, and when it leaves its work ends. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import type { EngineReadOptions, ReadEngine } from '../store/read/read-engine.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { addTailRoute } from './tail-route.ts';

const MARKER = 'work of a follower';
/** Hours of waiting in the engine, a little at a time. */
const LONG_WORK = `SELECT sleepEachRow(0.05) FROM numbers(1000000) WHERE '${MARKER}' != '' SETTINGS max_block_size = 1`;

let engine: TestStore;
let server: Server;
let stopping: AbortController;
/** Tenants of the statements so far. */
const asked: string[] = [];
/** Whose statements take hours. */
let slowTenant = '';

/** Before a statement of the slow tenant the engine has long work to do, under the same signal. */
async function delayed(tenant: unknown, options: EngineReadOptions): Promise<void> {
  asked.push(String(tenant));
  if (tenant !== slowTenant) return;
  const { signal } = options;
  await engine.client.selectJson(LONG_WORK, {}, signal === undefined ? {} : { signal });
}

const readEngine: ReadEngine = {
  selectJson: async (sql, parameters, options) => {
    await delayed(parameters.tenant, options);
    return engine.selectJson(sql, parameters, options);
  },
  selectNative: async (sql, parameters, options) => {
    await delayed(parameters.tenant, options);
    return engine.selectNative(sql, parameters, options);
  },
};

beforeAll(async () => {
  engine = await startTestStore({ ownEngine: true });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await engine.close();
});

beforeEach(async () => {
  slowTenant = '';
  asked.length = 0;
  stopping = new AbortController();
  const api = new Hono();
  const dependencies = {
    store: new ClickHouseSpanStore(readEngine),
    tenantOf: (headers: Headers) => headers.get('x-scope-orgid') ?? 'default',
    stopping: stopping.signal,
    logger: { warn: () => undefined, error: () => undefined },
  };
  addTailRoute(api, dependencies, { lookEveryMs: 20, heartbeatMs: 60 });
  server?.closeAllConnections();
  server?.close();
  server = createServer(getRequestListener(api.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
const looksOf = (tenant: string): number => asked.filter((one) => one === tenant).length;

async function running(): Promise<number> {
  const { rows } = await engine.client.selectJson<{ readonly count: string }>(
    `SELECT toString(count()) AS count FROM system.processes
     WHERE position(query, {marker:String}) > 0 AND position(query, 'system.processes') = 0`,
    { marker: MARKER },
    {},
  );
  return Number(rows[0]?.count);
}

async function follow(tenant: string) {
  const abort = new AbortController();
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/v1/tail?q=${encodeURIComponent('{ }')}`;
  const response = await fetch(url, { headers: { 'x-scope-orgid': tenant }, signal: abort.signal });
  const follower = { status: response.status, text: '', isOver: false, leave: () => abort.abort() };
  const { body } = response;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) follower.text += decoder.decode(chunk, { stream: true });
  };
  void read()
    .catch(() => undefined)
    .then(() => {
      follower.isOver = true;
    });
  return follower;
}

describe('a follower', () => {
  it('gets a line without meaning while nothing happens, again and again', async () => {
    const follower = await follow('quiet');
    expect(follower.status).toBe(200);
    await until(() => expect(follower.text.split(': nothing new\n\n').length - 1).toBeGreaterThanOrEqual(3));
    // Nothing else: to a client these lines are no events.
    expect(follower.text.replaceAll(': nothing new\n\n', '')).toBe('retry: 2000\n\n');
    follower.leave();
  });

  it('that leaves ends the work the engine does for it, and is looked for no more', async () => {
    slowTenant = 'leaving';
    const leaving = await follow('leaving');
    await until(async () => expect(await running()).toBe(1));
    leaving.leave();
    await until(async () => expect(await running()).toBe(0));
    const looks = looksOf('leaving');
    const staying = await follow('staying');
    await until(() => expect(looksOf('staying')).toBeGreaterThan(5));
    expect(looksOf('leaving')).toBe(looks);
    staying.leave();
  });

  it('that leaves between two looks is looked for no more either', async () => {
    const [leaving, staying] = [await follow('leaving'), await follow('staying')];
    await until(() => expect(looksOf('leaving')).toBeGreaterThan(2));
    leaving.leave();
    await until(() => expect(leaving.isOver).toBe(true));
    // One look may be under way still.
    const seen = looksOf('staying');
    await until(() => expect(looksOf('staying')).toBeGreaterThan(seen + 5));
    const looks = looksOf('leaving');
    await until(() => expect(looksOf('staying')).toBeGreaterThan(seen + 15));
    expect(looksOf('leaving')).toBe(looks);
    staying.leave();
  });

  it('is let go when the program stops, in the middle of a look as well', async () => {
    slowTenant = 'looking';
    const [looking, waiting] = [await follow('looking'), await follow('waiting')];
    await until(async () => expect(await running()).toBe(1));
    stopping.abort();
    await until(() => expect([looking.isOver, waiting.isOver]).toEqual([true, true]));
    await until(async () => expect(await running()).toBe(0));
  });
});
