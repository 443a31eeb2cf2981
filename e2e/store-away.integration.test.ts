/** What an operator sees while the store is away or hangs: answers, in time, that say so. */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';
import { readiness } from './readiness.ts';

afterEach(stopAll);

const onServer = process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined;
const frozen: number[] = [];
afterEach(() => {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGKILL');
});

interface Status {
  readonly spans: { readonly accepted: number };
  readonly journal: { readonly spans: number };
}

async function sendSpan(clew: ClewProcess): Promise<number> {
  const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'waits' };
  const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  return response.status;
}

async function statusOf(clew: ClewProcess): Promise<Status> {
  const response = await fetch(`${clew.urls.ui}/api/v1/status`);
  expect(response.status).toBe(200);
  return (await response.json()) as Status;
}

describe.skipIf(onServer)('a store that does not answer', () => {
  it('leaves the status readable while a server is away: spans wait in the journal', { timeout: 60_000 }, async () => {
    const clew = await startClew({ flags: ['--clickhouse', 'http://127.0.0.1:1'] });
    expect(await sendSpan(clew)).toBe(200);
    const status = await statusOf(clew);
    expect(status).toMatchObject({ spans: { accepted: 1 }, journal: { spans: 1 } });
    const waits = 'the schema is not in place yet: the ClickHouse server has not answered\n';
    expect(await readiness(clew.urls.ui)).toBe(`200 ready: spans are taken and wait in the journal: ${waits}`);
    expect(await readiness(clew.urls.ui, '/queries')).toBe(`503 not ready: ${waits}`);
  });

  it('is told from one that is there when the engine hangs: status and readiness answer', {
    timeout: 60_000,
  }, async () => {
    const clew = await startClew();
    const lock = JSON.parse(await readFile(`${clew.dataDir}/clew.lock`, 'utf8')) as { engine: { pid: number } };
    process.kill(lock.engine.pid, 'SIGSTOP');
    frozen.push(lock.engine.pid);
    expect(await sendSpan(clew)).toBe(200);
    const waits = 'the store does not answer\n';
    expect(await readiness(clew.urls.ui)).toBe(`200 ready: spans are taken and wait in the journal: ${waits}`);
    expect(await readiness(clew.urls.ui, '/queries')).toBe(`503 not ready: ${waits}`);
    expect(await statusOf(clew)).toMatchObject({ spans: { accepted: 1 }, journal: { spans: 1 } });
  });
});

describe.skipIf(onServer)('a data directory', () => {
  it('has one Clew, with a ClickHouse server too: two would write into one journal', { timeout: 60_000 }, async () => {
    const flags = ['--clickhouse', 'http://127.0.0.1:1'];
    const first = await startClew({ flags });
    await expect(startClew({ flags, dataDir: first.dataDir })).rejects.toThrow(
      `data directory ${first.dataDir} is in use by process ${first.pid}`,
    );
    await first.kill('SIGTERM');
    await startClew({ flags, dataDir: first.dataDir });
  });
});
