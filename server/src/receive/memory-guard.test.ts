import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { RecordingLogger } from '../decode/test/recording-logger.ts';
import { createMemoryMetrics } from '../telemetry/memory-metrics.ts';
import { BodyBudget } from './body-budget.ts';
import { type AskMemory, MemoryGuard } from './memory-guard.ts';

const LIMIT_BYTES = 1_000;
const INSERT_BYTES = 200;
const MIB = 2 ** 20;

interface TestGuard {
  readonly guard: MemoryGuard;
  readonly budget: BodyBudget;
  readonly logger: RecordingLogger;
  readonly registry: Registry;
}

function guardOver(processes: Readonly<Record<string, AskMemory>>, bodyBytes = 80 * MIB): TestGuard {
  const budget = new BodyBudget(bodyBytes, () => {});
  const logger = new RecordingLogger();
  const registry = new Registry();
  const metrics = createMemoryMetrics(registry, LIMIT_BYTES);
  const guard = new MemoryGuard({
    limitBytes: LIMIT_BYTES,
    maxBodyBytes: bodyBytes,
    insertBytes: INSERT_BYTES,
    budget,
    processes,
    metrics,
    logger,
  });
  return { guard, budget, logger, registry };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('memory near its limit', () => {
  test('squeezes the room for bodies until it has fallen well below', async () => {
    let main = 460;
    let engine = 400;
    const { guard, budget, logger, registry } = guardOver({ main: async () => main, engine: async () => engine });
    await guard.sample();
    expect(guard.residentBytes).toBe(860);
    expect(budget.maxBytes).toBe(80 * MIB);
    main = 470;
    await guard.sample();
    expect(budget.maxBytes).toBe(10 * MIB);
    engine = 360;
    await guard.sample();
    expect(budget.maxBytes).toBe(10 * MIB);
    engine = 340;
    await guard.sample();
    expect(budget.maxBytes).toBe(80 * MIB);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(logger.lines[0].fields).toMatchObject({ residentBytes: 870, limitBytes: 1_000, main: 470, engine: 400 });
    expect(await registry.metrics()).toContain('clew_memory_bytes{process="engine"} 340');
  });

  test('leaves room that is little as it is', async () => {
    for (const [bodyBytes, squeezedBytes] of [
      [16 * MIB, 4 * MIB],
      [2 * MIB, 2 * MIB],
    ]) {
      const { guard, budget } = guardOver({ main: async () => 900 }, bodyBytes);
      await guard.sample();
      expect(budget.maxBytes).toBe(squeezedBytes);
    }
  });

  test('the room that is left leaves out an insert where there were some lately', async () => {
    const { guard } = guardOver({ main: async () => 300, engine: async () => 200 });
    await guard.sample();
    expect(guard.roomBytes).toBe(500);
    await guard.waitForInsertRoom(new AbortController().signal);
    expect(guard.roomBytes).toBe(300);
  });

  test('is told from the last answer of a process that hangs or is gone, and nothing piles up', async () => {
    let asked = 0;
    const { guard } = guardOver({
      main: async () => 100,
      hanging: () => {
        asked++;
        return asked === 1 ? Promise.resolve(50) : new Promise(() => {});
      },
      gone: () => Promise.reject(new Error('gone')),
    });
    for (let i = 0; i < 5; i++) {
      void guard.sample();
      await settled();
    }
    expect(asked).toBe(2);
    expect(guard.residentBytes).toBe(150);
  });

  test('is said once a minute however often it comes and goes', async () => {
    let main = 500;
    const { guard, logger } = guardOver({ main: async () => main });
    for (const bytes of [900, 500, 900, 500, 900, 500]) {
      main = bytes;
      await guard.sample();
    }
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  test('makes allocators give back what they keep, but not all the time', async () => {
    const asked: boolean[] = [];
    const { guard } = guardOver({
      main: async (reclaim) => {
        asked.push(reclaim);
        return 760;
      },
    });
    for (let i = 0; i < 4; i++) await guard.sample();
    // The first sample does not know yet that there is little left.
    expect(asked).toEqual([false, true, false, false]);
  });

  test('lets an insert wait until there is room for what it needs, and counts that', async () => {
    let engine = 801;
    let asked = 0;
    const askEngine = async () => {
      asked++;
      return engine;
    };
    const { guard, registry } = guardOver({ main: async () => 0, engine: askEngine });
    let admitted = false;
    const admission = guard.waitForInsertRoom(new AbortController().signal).then(() => {
      admitted = true;
    });
    for (let i = 0; i < 20; i++) await settled();
    expect(admitted).toBe(false);
    // What has just answered says the same once more: the next question is after a wait.
    expect(asked).toBe(1);
    engine = LIMIT_BYTES - INSERT_BYTES;
    await admission;
    expect(await registry.metrics()).toMatch(/^clew_memory_insert_wait_seconds_total 0\.\d+$/m);
  });

  test('lets no insert wait that has room, or that a stop waits for', async () => {
    const { guard, registry } = guardOver({ main: async () => 800 });
    await guard.waitForInsertRoom(new AbortController().signal);
    expect(await registry.metrics()).toMatch(/^clew_memory_insert_wait_seconds_total 0$/m);
    const full = guardOver({ main: async () => 2_000 });
    await full.guard.waitForInsertRoom(AbortSignal.abort());
    const stopping = new AbortController();
    const admission = full.guard.waitForInsertRoom(stopping.signal);
    stopping.abort();
    await admission;
  });

  test('keeps an insert waiting for a while and not for ever', { timeout: 20_000 }, async () => {
    const { guard } = guardOver({ main: async () => 2_000 });
    await guard.waitForInsertRoom(new AbortController().signal);
  });

  test('ends with the guard', async () => {
    const { guard, budget } = guardOver({ main: async () => 5_000 });
    guard.start();
    await settled();
    expect(budget.maxBytes).toBe(10 * MIB);
    guard.stop();
    expect(budget.maxBytes).toBe(80 * MIB);
  });
});
