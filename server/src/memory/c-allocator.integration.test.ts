import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { tuneCAllocator } from './c-allocator.ts';

const MIB = 2 ** 20;

/** Buffers of a size that arenas hold, of which a few stay: what an allocator cannot give back from its end alone. */
function makeHoles(bytes: number): Uint8Array[] {
  const size = 60_000;
  const all = Array.from({ length: Math.ceil(bytes / size) }, () => new Uint8Array(size).fill(1));
  return all.filter((_, i) => i % 64 === 0);
}

const report = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };

test.runIf(report.header.glibcVersionRuntime !== undefined)(
  'what has been freed between buffers that stay goes back to the system when it is asked for',
  { timeout: 30_000 },
  async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const allocator = await tuneCAllocator();
    const kept = makeHoles(200 * MIB);
    collect();
    const before = process.memoryUsage.rss();
    // V8 frees buffers of collected arrays on another thread.
    let gained = 0;
    while (gained < 100 * MIB) {
      expect(typeof (await allocator.trim())).toBe('boolean');
      gained = before - process.memoryUsage.rss();
    }
    expect(kept.every((buffer) => buffer[0] === 1)).toBe(true);
  },
);
