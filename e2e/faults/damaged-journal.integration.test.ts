/** Bytes of the journal change while Clew is down: intact entries are stored once, damaged ones counted and kept. */
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf } from '../ledger.ts';
import { encodeTrace, traceOf } from '../trace-request.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const REQUESTS = 40;
const SPANS = 5;
const PADDING_BYTES = 15_000;

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
    const dataDir = await freshDataDir();
    const ledger = new Ledger(SEED);
    const requests = await journalRequests(dataDir, ledger);
    const segments = [...new Set(requests.map(({ segment }) => segment))];
    expect(segments.length).toBeGreaterThanOrEqual(3);
    const endOf = (segment: string | undefined): JournaledRequest => {
      const last = requests.filter((request) => request.segment === segment).at(-1);
      if (last === undefined) throw new Error(`no entry in ${segment}`);
      return last;
    };
    const flip = (bytes: Buffer, at: number): void => void bytes.writeUInt8(bytes.readUInt8(at) ^ 0x41, at);
    const first = random.between(1, 4);
    const damages: readonly (readonly [JournaledRequest, (bytes: Buffer, hit: JournaledRequest) => void])[] = [
      [requests[first], (bytes, { from, to }) => flip(bytes, random.between(from, to - 1))],
      [requests[first + 2], (bytes, { from }) => void bytes.fill(0, from, from + 32)],
      [requests[first + 4], (bytes, { from, to }) => void bytes.fill(0, from + 40, to - 10)],
      [endOf(segments[0]), (bytes, { to }) => flip(bytes, to - random.between(1, 500))],
      [endOf(segments[1]), (bytes, { to }) => void bytes.fill(0, to - random.between(100, 2_000), to)],
    ];
    for (const [hit, damage] of damages) {
      const path = join(dataDir, 'journal', hit.segment);
      const bytes = await readFile(path);
      damage(bytes, hit);
      await writeFile(path, bytes);
    }
    // A cut end cannot be told from a write that never finished.
    const cut = endOf(segments.at(-1));
    await truncate(join(dataDir, 'journal', cut.segment), random.between(cut.from + 1, cut.to - 1));

    const clew = await startClew({ dataDir });
    const hits = new Set([...damages.map(([hit]) => hit.traceId), cut.traceId]);
    expect(await ledger.check(clew.urls.ui, hits)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    for (const traceId of hits) {
      expect([traceId, (await fetch(`${clew.urls.ui}/api/v1/traces/${traceId}`)).status]).toEqual([traceId, 404]);
    }
    const counted = await metricOf(clew.urls.ui, 'clew_journal_damaged_entries');
    expect(counted.get('')).toBe(damages.length);
    const said = (what: string): number => clew.log.filter(({ msg }) => msg.includes(what)).length;
    expect(said('is damaged; its bytes are set aside')).toBe(damages.length);
    expect(said('dropped an unfinished write')).toBe(1);
    expect(await readdir(join(dataDir, 'journal', 'quarantine'))).toHaveLength(damages.length);
  });
});
