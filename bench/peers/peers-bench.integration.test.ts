/** The whole benchmark, small, with a second Clew as the peer. Needs the built program (npm run build). */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { SentTrace } from '../load/load-messages.ts';
import { CleanUp } from '../target/clean-up.ts';
import { startClewTarget } from '../target/clew-target.ts';
import type { PeersResult } from './peers-bench.ts';

/** Half a minute on a quiet machine. */
const RUN_TIMEOUT_MS = 300_000;
const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const buildDir = mkdtempSync(join(tmpdir(), 'clew-peers-test-'));
afterAll(() => rmSync(buildDir, { recursive: true, force: true }));

test(
  'Clew and a peer get the same spans and answer the same questions',
  async () => {
    symlinkSync(join(root, 'dist'), join(buildDir, 'program'));
    const peer = await startClewTarget({ buildDir, cleanUp: new CleanUp() });
    try {
      const address = `otlp:${peer.urlOf('grpc').replace('http:', 'grpc:')},query:${peer.uiUrl}`;
      const spec = `other=kind:clew,${address},pid:${peer.pid},data:${peer.dataDir}`;
      const size = ['--spans', '2048', '--warm-up', '512', '--batch', '256', '--connections', '4', '--asks', '1'];
      const { stdout, stderr } = await run(
        process.execPath,
        [join(root, 'bench/peers/run.mjs'), '--peer', spec, ...size, '--settle', '20', '--json'],
        { timeout: RUN_TIMEOUT_MS, maxBuffer: 2 ** 24 },
      );
      const { subjects } = JSON.parse(stdout) as PeersResult;
      expect(subjects.map(({ name, transport }) => [name, transport])).toEqual([
        ['Clew', 'http'],
        ['other', 'grpc'],
      ]);
      const [clew, other] = subjects;
      expect(clew.isCountVerified).toBe(true);
      expect(byId(other.load.traces)).toEqual(byId(clew.load.traces));
      for (const { load, sampled, searches, traces, cpuSeconds, diskBytes } of subjects) {
        expect(load.acknowledgedSpans).toBe(2048);
        expect(sampled).toEqual({ whole: load.traces.length, asked: load.traces.length });
        expect(searches.map(({ found }) => found > 0)).toEqual([true, true, true, true]);
        expect(traces).toMatchObject({ whole: 1, asked: 1 });
        expect(cpuSeconds).toBeGreaterThan(0);
        expect(diskBytes).toBeGreaterThan(0);
      }
      expect(stderr).toContain('What is not comparable:');
    } finally {
      await peer.stop();
    }
  },
  2 * RUN_TIMEOUT_MS,
);

/** They were acknowledged in an order of their own. */
function byId(traces: readonly SentTrace[]): readonly SentTrace[] {
  return [...traces].sort((a, b) => (a.traceId < b.traceId ? -1 : 1));
}
