import { Counter, Gauge, type Registry } from 'prom-client';

/** Resident memory of Clew's processes against `memory.limitBytes`. */
export function createMemoryMetrics(
  registry: Registry,
  limitBytes: number,
): {
  processMemory(process: string, bytes: number): void;
  memorySqueezed(squeezed: boolean): void;
  insertWaited(seconds: number): void;
} {
  const registers = [registry];
  const bytes = new Gauge({
    name: 'clew_memory_bytes',
    help: 'Resident memory by process: main (with its workers) and engine. Pages that both use count in both.',
    labelNames: ['process'],
    registers,
  });
  new Gauge({ name: 'clew_memory_limit_bytes', help: 'memory.limitBytes, for all processes together.', registers }).set(
    limitBytes,
  );
  const squeezed = new Gauge({
    name: 'clew_memory_squeezed',
    help: '1 while few requests are taken because memory is near memory.limitBytes.',
    registers,
  });
  const waited = new Counter({
    name: 'clew_memory_insert_wait_seconds_total',
    help: 'Time inserts have waited for room below memory.limitBytes.',
    registers,
  });
  return {
    insertWaited: (seconds) => waited.inc(seconds),
    processMemory: (process, value) => bytes.set({ process }, value),
    memorySqueezed: (value) => squeezed.set(value ? 1 : 0),
  };
}
