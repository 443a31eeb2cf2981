/** Bytes of the journal change while Clew is down: intact entries are stored once, damaged ones counted and kept. */
import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf } from '../ledger.ts';
import { encodeTrace, traceOf } from '../trace-request.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const REQUESTS = 40;
const SPANS = 5;
const PADDING_BYTES = 3_000;

afterEach(stopAll, 60_000);

/** One entry a request, as each is sent when the one before is acknowledged. */
interface JournaledRequest {
  readonly traceId: string;
  readonly segment: string;
  readonly from: number;
  readonly to: number;
}

async function segmentsOf(dataDir: string): Promise<readonly string[]> {
  const names = await readdir(join(dataDir, 'journal'));
  return names.filter((name) => name.endsWith('.segment')).sort();
}

/** Acknowledged requests whose spans only the journal has: the store is away. */
async function journalRequests(dataDir: string, ledger: Ledger): Promise<readonly JournaledRequest[]> {
  const clew = await startClew({
    dataDir,
    flags: ['--clickhouse', 'http://127.0.0.1:1', '--journal-segment-bytes', '1MiB'],
  });
  const requests: JournaledRequest[] = [];
  const sizes = new Map<string, number>();
  for (let i = 0; i < REQUESTS; i++) {
    const traceId = ledger.newTraceId();
    const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: encodeTrace(traceOf(traceId, SPANS, PADDING_BYTES), 'protobuf', 'identity'),
    });
    expect(response.status, await response.text()).toBe(200);
    ledger.note(traceId, { tenant: 'default', spanCount: SPANS, fate: 'acknowledged' });
    for (const segment of await segmentsOf(dataDir)) {
      const from = sizes.get(segment) ?? 16;
      const to = (await readFile(join(dataDir, 'journal', segment))).length;
      if (to > from) requests.push({ traceId, segment, from, to });
      sizes.set(segment, to);
    }
  }
  expect(requests).toHaveLength(REQUESTS);
  await clew.kill('SIGKILL');
  return requests;
}

describe.skipIf(process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(`a damaged journal (seed ${SEED})`, () => {
  it('gives up what was hit and nothing else', { timeout: 120_000 }, async () => {
    const random = new Random(SEED);
    const pristine = await freshDataDir();
    const ledger = new Ledger(SEED);
    const requests = await journalRequests(pristine, ledger);
    const last = requests.at(-1);
    const inMiddle = (): JournaledRequest => requests[random.between(1, REQUESTS - 4)];
    type Damage = readonly [string, JournaledRequest, (bytes: Buffer, hit: JournaledRequest) => number | undefined];
    const flip = (bytes: Buffer, at: number): undefined => void bytes.writeUInt8(bytes.readUInt8(at) ^ 0x41, at);
    if (last === undefined) throw new Error('nothing journaled');
    const damages: readonly Damage[] = [
      ['a flipped byte in the middle', inMiddle(), (bytes, { from, to }) => flip(bytes, random.between(from, to - 1))],
      ['a header of zeros', inMiddle(), (bytes, { from }) => void bytes.fill(0, from, from + 32)],
      ['a zero-filled stretch', inMiddle(), (bytes, { from, to }) => void bytes.fill(0, from + 40, to - 10)],
      ['a flipped byte at the end', last, (bytes, { to }) => flip(bytes, to - random.between(1, 500))],
      ['a zero-filled end', last, (bytes, { to }) => void bytes.fill(0, to - random.between(100, 2_000), to)],
      ['a cut end', last, (_bytes, { from, to }) => random.between(from + 1, to - 1)],
    ];
    for (const [name, hit, damage] of damages) {
      const dataDir = await freshDataDir();
      await cp(pristine, dataDir, { recursive: true });
      const path = join(dataDir, 'journal', hit.segment);
      const bytes = await readFile(path);
      const cutAt = damage(bytes, hit);
      await writeFile(path, bytes);
      if (cutAt !== undefined) await truncate(path, cutAt);
      const clew = await startClew({ dataDir });
      const { lostSpans, doubledSpans, faults } = await ledger.check(clew.urls.ui, new Set([hit.traceId]));
      expect([name, lostSpans, doubledSpans, faults]).toEqual([name, 0, 0, []]);
      const trace = await fetch(`${clew.urls.ui}/api/v1/traces/${hit.traceId}`);
      expect([name, trace.status]).toEqual([name, 404]);
      if (cutAt === undefined) {
        const counted = await metricOf(clew.urls.ui, 'clew_journal_damaged_entries');
        expect([name, counted.get('')]).toEqual([name, 1]);
        expect(
          clew.log.some(({ msg }) => msg.includes('is damaged; its bytes are set aside')),
          name,
        ).toBe(true);
        expect(await readdir(join(dataDir, 'journal', 'quarantine')), name).toHaveLength(1);
      } else {
        // Like a write that never finished: it cannot be told from one.
        expect(
          clew.log.some(({ msg }) => msg.includes('dropped an unfinished write')),
          name,
        ).toBe(true);
      }
      await clew.kill('SIGKILL');
      await sleep(0);
    }
  });
});
