import { descendantsOf, type ProcessMemory, readMemory } from '../target/process-tree.ts';

export interface MemorySample {
  /** Milliseconds since the start. */
  readonly atMs: number;
  /** The first process. */
  readonly root: ProcessMemory;
  /** All its descendants together. */
  readonly children: ProcessMemory;
}

const SAMPLE_MS = 100;

/** Memory of a process tree over time. */
export class MemoryTimeline {
  readonly samples: MemorySample[] = [];
  readonly #startMs = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(rootPid: number) {
    const sample = (): void => {
      this.samples.push({
        atMs: performance.now() - this.#startMs,
        root: readMemory(rootPid),
        children: descendantsOf(rootPid).map(readMemory).reduce(added, { residentBytes: 0, fileBytes: 0 }),
      });
    };
    sample();
    this.#timer = setInterval(sample, SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Of all processes. Pages that two of them share count twice. */
export function totalOf({ root, children }: MemorySample): ProcessMemory {
  return added(root, children);
}

/** The sample in which most was resident. */
export function peakOf(samples: readonly MemorySample[]): MemorySample {
  return samples.reduce((peak, sample) =>
    totalOf(sample).residentBytes > totalOf(peak).residentBytes ? sample : peak,
  );
}

function added(a: ProcessMemory, b: ProcessMemory): ProcessMemory {
  return { residentBytes: a.residentBytes + b.residentBytes, fileBytes: a.fileBytes + b.fileBytes };
}
