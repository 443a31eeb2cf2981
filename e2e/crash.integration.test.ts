/**
 * kill -9 at random moments while clients send: nothing acknowledged is missing, nothing is there twice.
 * Longer runs: CLEW_CRASH_KILLS=50 CLEW_CRASH_SEED=… npm run test:integration -- e2e/crash
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchAnswer } from '@clew/contract';
import type { SpanId, TraceData, TraceId } from '@clew/model';
import { Random } from '@clew/testkit/random';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClewProcess, freshDataDir, SMALL_SEGMENTS, startClew, stopAll } from './clew-process.ts';
import { waitUntil } from './wait-until.ts';

const KILLS = Number(process.env.CLEW_CRASH_KILLS ?? 2);
const SEED = Number(process.env.CLEW_CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const SPANS_PER_REQUEST = 20;
const SENDERS = 4;
/** Between two requests of a sender: faults come from the moments, not from the load, and all of it is read back. */
const PAUSE_MS = 25;

afterEach(stopAll, 60_000);

/** Every trace id is used by one request, so a trace holds all of its spans, none, or there is a fault. */
class Ledger {
  readonly acknowledged = new Set<string>();
  readonly unanswered = new Set<string>();
  #next = 1;

  newTraceId(): TraceId {
    return (this.#next++).toString(16).padStart(32, '0') as TraceId;
  }
}

function requestBody(traceId: TraceId): Uint8Array {
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) => ({
    traceId,
    spanId: (i + 1).toString(16).padStart(16, '0') as SpanId,
    parentSpanId: (i === 0 ? '' : '0000000000000001') as SpanId,
    traceState: '',
    flags: 1,
    name: `step ${i}`,
    kind: 1,
    startTimeUnixNano: start + BigInt(i),
    endTimeUnixNano: start + 1_000_000n,
    attributes: [{ key: 'n', value: { type: 'int' as const, value: BigInt(i) } }],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }));
  const data: TraceData = {
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { type: 'string', value: 'crash-test' } }],
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          { scope: { name: 'crash', version: '1', attributes: [], droppedAttributesCount: 0 }, spans, schemaUrl: '' },
        ],
        schemaUrl: '',
      },
    ],
  };
  return encodeOtlpProtobuf(data);
}

async function sendUntil(stopped: () => boolean, url: () => string | undefined, ledger: Ledger): Promise<void> {
  while (!stopped()) {
    const target = url();
    if (target === undefined) {
      await sleep(10);
      continue;
    }
    const traceId = ledger.newTraceId();
    try {
      const response = await fetch(`${target}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: requestBody(traceId) as Uint8Array<ArrayBuffer>,
      });
      await response.arrayBuffer();
      if (response.status === 200) ledger.acknowledged.add(traceId);
      else ledger.unanswered.add(traceId);
      await sleep(PAUSE_MS);
    } catch {
      ledger.unanswered.add(traceId);
      await sleep(PAUSE_MS);
    }
  }
}

async function waitForDrainedJournal(clew: ClewProcess): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const answer = await fetch(`${clew.urls.ui}/api/v1/status`);
    if (answer.ok) {
      const status = (await answer.json()) as { readonly journal: { readonly entries: number } };
      if (status.journal.entries === 0) return;
    }
    await sleep(100);
  }
  throw new Error('the journal did not drain within a minute');
}

/** Span ids stored for a trace, in hex; empty when the trace is unknown. */
async function storedSpanIds(clew: ClewProcess, traceId: string): Promise<string[]> {
  const answer = await fetch(`${clew.urls.ui}/api/v1/traces/${traceId}`);
  if (answer.status === 404) return [];
  expect(answer.status).toBe(200);
  const trace = (await answer.json()) as {
    resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: { spanId: string }[] }[] }[];
  };
  for (const { resource } of trace.resourceSpans) expect(resource.attributes).toHaveLength(1);
  return trace.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map((s) => s.spanId)));
}

/** Span counts of every stored trace, page by page. */
async function storedSpanCounts(clew: ClewProcess): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let cursor = '';
  do {
    const query = new URLSearchParams({ q: '{ }', start: 'now-1h', end: 'now+1h', limit: '1000', spss: '0' });
    if (cursor !== '') query.set('cursor', cursor);
    const answer = await fetch(`${clew.urls.ui}/api/v1/search?${query}`);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as SearchAnswer;
    expect(page.statistics.complete).toBe(true);
    for (const { traceId, spanCount } of page.traces) counts.set(traceId, spanCount);
    cursor = page.cursor ?? '';
  } while (cursor !== '');
  return counts;
}

/** Every trace is counted; a sample, and whatever looks wrong, is read span by span. */
async function checkLedger(clew: ClewProcess, ledger: Ledger): Promise<void> {
  const counts = await storedSpanCounts(clew);
  const faults: string[] = [];
  let sample = 20;
  for (const traceId of [...ledger.acknowledged, ...ledger.unanswered]) {
    const acknowledged = ledger.acknowledged.has(traceId);
    const count = counts.get(traceId) ?? 0;
    const expected = count === SPANS_PER_REQUEST || (!acknowledged && count === 0);
    if (expected && sample-- <= 0) continue;
    const ids = await storedSpanIds(clew, traceId);
    const whole = ids.length === SPANS_PER_REQUEST && new Set(ids).size === SPANS_PER_REQUEST;
    if (!expected || (!whole && ids.length > 0)) {
      faults.push(
        `${traceId} (${acknowledged ? 'acknowledged' : 'not acknowledged'}): counted ${count}, read ${ids.length}, distinct ${new Set(ids).size}`,
      );
    }
  }
  expect(faults).toEqual([]);
}

/** Pids of the engines started so far; the last one runs, unless it has just been killed. */
function enginePids(clew: ClewProcess): readonly number[] {
  return clew.log.filter((record) => record.msg === 'engine ready').map((record) => Number(record.pid));
}

describe(`kill -9 (seed ${SEED})`, () => {
  it('of Clew loses no acknowledged span and stores none twice', { timeout: 60_000 + KILLS * 15_000 }, async () => {
    const random = new Random(SEED);
    const dataDir = await freshDataDir();
    const ledger = new Ledger();
    let current: ClewProcess | undefined;
    let done = false;
    const senders = Array.from({ length: SENDERS }, () =>
      sendUntil(
        () => done,
        () => current?.urls.otlpHttp,
        ledger,
      ),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      const clew = await startClew({ dataDir, flags: SMALL_SEGMENTS });
      current = clew;
      await sleep(200 + random.float() * 2_500);
      current = undefined;
      await clew.kill('SIGKILL');
    }
    const clew = await startClew({ dataDir, flags: SMALL_SEGMENTS });
    current = clew;
    await sleep(500);
    done = true;
    await Promise.all(senders);
    await waitForDrainedJournal(clew);
    expect(ledger.acknowledged.size).toBeGreaterThan(20);
    await checkLedger(clew, ledger);
    console.log(
      `crash: ${KILLS} kills, ${ledger.acknowledged.size} requests acknowledged, ${ledger.unanswered.size} without an answer`,
    );
  });

  it('of the engine heals by itself and loses nothing', { timeout: 60_000 + KILLS * 15_000 }, async () => {
    const random = new Random(SEED + 1);
    const clew = await startClew();
    const ledger = new Ledger();
    let done = false;
    const senders = Array.from({ length: SENDERS }, () =>
      sendUntil(
        () => done,
        () => clew.urls.otlpHttp,
        ledger,
      ),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(300 + random.float() * 2_000);
      await waitUntil(() => enginePids(clew).length === kill + 1, 'the engine to be started again');
      process.kill(enginePids(clew)[kill], 'SIGKILL');
    }
    await sleep(500);
    done = true;
    await Promise.all(senders);
    await waitForDrainedJournal(clew);
    // Clew itself never stopped: it must have acknowledged throughout.
    expect(ledger.unanswered.size).toBe(0);
    expect(ledger.acknowledged.size).toBeGreaterThan(20);
    await checkLedger(clew, ledger);
  });

  it('ends a clean stop with everything in the store or the journal', { timeout: 60_000 }, async () => {
    const dataDir = await freshDataDir();
    const first = await startClew({ dataDir });
    const ledger = new Ledger();
    let done = false;
    const senders = Array.from({ length: SENDERS }, () =>
      sendUntil(
        () => done,
        () => (done ? undefined : first.urls.otlpHttp),
        ledger,
      ),
    );
    await sleep(1_000);
    const exit = first.kill('SIGTERM');
    await sleep(50);
    done = true;
    expect(await exit).toBe(0);
    await Promise.all(senders);
    const second = await startClew({ dataDir });
    await waitForDrainedJournal(second);
    await checkLedger(second, ledger);
  });
});
