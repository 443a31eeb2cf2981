/**
 * Several times more than can be taken, from many connections of two tenants that heed no refusal.
 * Longer: CLEW_OVERLOAD_SECONDS=300 npm run test:integration -- e2e/overload
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '@clew/server/config/load-config';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf, waitForDrainedJournal } from '../ledger.ts';
import { encodeTrace, traceOf } from '../trace-request.ts';
import { type FloodReport, noteAll, runFlood } from './flood.ts';
import { residentBytes } from './process-memory.ts';

const SECONDS = Number(process.env.CLEW_OVERLOAD_SECONDS ?? 10);
const SPANS = 200;
const PADDING_BYTES = 300;
const FLOOD_CONNECTIONS = 96;
const MODEST_CONNECTIONS = 8;
/** Little room, so that the limits are met at once on any machine. */
const LITTLE_ROOM = ['--otlp-max-body-bytes', '1MiB', '--ingest-max-in-flight-bytes', '4MiB'];

afterEach(stopAll, 60_000);

describe.runIf(process.platform === 'linux')('overload', () => {
  it('costs no accepted span, no memory beyond the limit, no tenant its share, and is over with its cause', {
    timeout: 240_000 + SECONDS * 4_000,
  }, async () => {
    const clew = await startClew({ flags: LITTLE_ROOM });
    const ledger = new Ledger(1);
    let peakBytes = 0;
    const sampling = new AbortController();
    const sampled = (async () => {
      while (!sampling.signal.aborted) {
        peakBytes = Math.max(peakBytes, residentBytes(clew.pid));
        await sleep(200);
      }
    })();
    const reports = await runFlood({
      url: clew.urls.otlpHttp,
      durationMs: SECONDS * 1_000,
      spansPerRequest: SPANS,
      paddingBytes: PADDING_BYTES,
      firstId: 2 ** 40,
      groups: [
        { tenant: 'flood', connections: FLOOD_CONNECTIONS, localAddress: '127.0.0.2' },
        { tenant: 'modest', connections: MODEST_CONNECTIONS, localAddress: '127.0.0.3' },
      ],
    });
    noteAll(reports, SPANS, ledger);
    // Recovery: the first request after the flood, of the flooder itself.
    await sendOne(clew, ledger);

    const [flood, modest] = reports;
    const hits = await metricOf(clew.urls.ui, 'clew_limit_hits_total');
    console.log(
      `overload: ${told(flood)}; ${told(modest)}; peak memory ${Math.round(peakBytes / 2 ** 20)} MiB in ${SECONDS} s`,
      Object.fromEntries([...hits].filter(([, count]) => count > 0)),
    );
    expect(flood.refused.length).toBeGreaterThan(flood.acknowledged.length);
    for (const report of reports) {
      expect(Object.keys(report.statuses).filter((status) => !['200', '429', '503'].includes(status))).toEqual([]);
      expect(report.unadvised).toBe(0);
    }
    // Who asks for less than a share gets all of it; nobody gets more for having more connections.
    expect(modest.refused.length).toBeLessThanOrEqual(modest.acknowledged.length / 10);
    expect(modest.acknowledged.length / MODEST_CONNECTIONS).toBeGreaterThan(
      flood.acknowledged.length / FLOOD_CONNECTIONS,
    );
    const refusals = [...hits.values()].reduce((sum, count) => sum + count, 0);
    expect(refusals).toBe(flood.refused.length + modest.refused.length);

    // What waits is inserted and merged yet, which is the overload's too; the check reads everything back, which is not.
    await waitForDrainedJournal(clew.urls.ui);
    sampling.abort();
    await sampled;
    console.log(`overload: peak memory ${Math.round(peakBytes / 2 ** 20)} MiB until all of it was stored`);
    const verdict = await ledger.check(clew.urls.ui);
    expect(verdict).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect(peakBytes).toBeLessThan(loadConfig({ env: {}, cwd: '/nowhere' }).memory.limitBytes);
  });

  it('of memory alone makes inserts wait, and loses or stops nothing', { timeout: 120_000 }, async () => {
    // The smallest limit there is: the programs' own pages leave no room for an insert.
    const clew = await startClew({ flags: ['--memory', '512MiB'] });
    const ledger = new Ledger(2);
    for (let i = 0; i < 3; i++) await sendOne(clew, ledger);
    await waitForDrainedJournal(clew.urls.ui);
    expect((await metricOf(clew.urls.ui, 'clew_memory_insert_wait_seconds_total')).get('')).toBeGreaterThan(0);
    expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
  });
});

/** A request of the flooder, which is to be taken. */
async function sendOne(clew: ClewProcess, ledger: Ledger): Promise<void> {
  const traceId = ledger.newTraceId();
  const answer = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'x-scope-orgid': 'flood' },
    body: encodeTrace(traceOf(traceId, SPANS), 'protobuf', 'identity'),
  });
  expect(answer.status).toBe(200);
  ledger.note(traceId, { tenant: 'flood', spanCount: SPANS, fate: 'acknowledged' });
}

function told({ tenant, acknowledged, refused, statuses }: FloodReport): string {
  return `${tenant} ${acknowledged.length} accepted, ${refused.length} refused ${JSON.stringify(statuses)}`;
}
