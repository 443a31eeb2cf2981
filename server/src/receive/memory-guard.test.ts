import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { RecordingLogger } from '../decode/test/recording-logger.ts';
import { createMemoryMetrics } from '../telemetry/memory-metrics.ts';
import { BodyBudget } from './body-budget.ts';
import { MemoryGuard } from './memory-guard.ts';

interface TestGuard {
  readonly guard: MemoryGuard;
  readonly budget: BodyBudget;
  readonly logger: RecordingLogger;
  readonly registry: Registry;
}

function guardOver(processes: Readonly<Record<string, () => number | Promise<number>>>): TestGuard {
  const budget = new BodyBudget(800, () => {});
  const logger = new RecordingLogger();
  const registry = new Registry();
  const metrics = createMemoryMetrics(registry);
  const guard = new MemoryGuard({ limitBytes: 1_000, maxBodyBytes: 800, budget, processes, metrics, logger });
  return { guard, budget, logger, registry };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('memory as good as at its limit', () => {
  test('squeezes the room for bodies until it has fallen well below', async () => {
    let main = 500;
    let engine = 400;
    const { guard, budget, logger, registry } = guardOver({ main: () => main, engine: async () => engine });
    guard.sample();
    await settled();
    expect(guard.residentBytes).toBe(900);
    expect(budget.maxBytes).toBe(800);
    main = 540;
    guard.sample();
    expect(budget.maxBytes).toBe(100);
    engine = 370;
    guard.sample();
    await settled();
    expect(budget.maxBytes).toBe(100);
    engine = 310;
    guard.sample();
    await settled();
    expect(budget.maxBytes).toBe(800);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(logger.lines[0].fields).toMatchObject({ residentBytes: 940, limitBytes: 1_000, main: 540, engine: 400 });
    expect(await registry.metrics()).toContain('clew_memory_bytes{process="engine"} 310');
  });

  test('is told from the last answer of a process that hangs or is gone, and nothing piles up', async () => {
    let asked = 0;
    const { guard } = guardOver({
      main: () => 100,
      hanging: () => {
        asked++;
        return asked === 1 ? Promise.resolve(50) : new Promise(() => {});
      },
      gone: () => Promise.reject(new Error('gone')),
    });
    for (let i = 0; i < 5; i++) {
      guard.sample();
      await settled();
    }
    expect(asked).toBe(2);
    expect(guard.residentBytes).toBe(150);
  });

  test('ends with the guard', () => {
    const { guard, budget } = guardOver({ main: () => 5_000 });
    guard.start();
    expect(budget.maxBytes).toBe(100);
    guard.stop();
    expect(budget.maxBytes).toBe(800);
  });
});
