import { Gauge, type Registry } from 'prom-client';

/** Resident memory of Clew's processes against `memory.limitBytes`. */
export function createMemoryMetrics(registry: Registry): {
  processMemory(process: string, bytes: number): void;
  memorySqueezed(squeezed: boolean): void;
} {
  const registers = [registry];
  const bytes = new Gauge({
    name: 'clew_memory_bytes',
    help: 'Resident memory by process: main (with its workers) and engine.',
    labelNames: ['process'],
    registers,
  });
  const squeezed = new Gauge({
    name: 'clew_memory_squeezed',
    help: '1 while few requests are taken because memory is as good as at memory.limitBytes.',
    registers,
  });
  return {
    processMemory: (process, value) => bytes.set({ process }, value),
    memorySqueezed: (value) => squeezed.set(value ? 1 : 0),
  };
}
