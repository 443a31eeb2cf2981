/** A writer for each lane of the journal: one, or in a cluster one a shard. */
import { Writer, type WriterOptions, type WriterSource, type WriterTarget } from './writer.ts';

/** One insert is never cut smaller for the number of lanes than this. */
const MIN_GROUP_BYTES = 8 * 2 ** 20;

export interface LaneSource {
  readonly laneCount: number;
  lane(lane: number): WriterSource;
}

export interface LaneWritersOptions extends Omit<WriterOptions, 'source' | 'target'> {
  readonly journal: LaneSource;
  readonly targetOf: (lane: number) => WriterTarget;
}

export class LaneWriters {
  readonly #writers: readonly Writer[];

  /** `maxGroupBytes` is shared by the lanes: that much may be on its way to all shards together. */
  constructor({ journal, targetOf, ...options }: LaneWritersOptions) {
    const { laneCount } = journal;
    const maxGroupBytes =
      laneCount === 1
        ? options.maxGroupBytes
        : Math.max(MIN_GROUP_BYTES, Math.floor(options.maxGroupBytes / laneCount));
    this.#writers = Array.from(
      { length: laneCount },
      (_, lane) => new Writer({ ...options, maxGroupBytes, source: journal.lane(lane), target: targetOf(lane) }),
    );
  }

  /** Spans put into the store by this process. */
  get storedSpans(): number {
    return this.#writers.reduce((sum, { storedSpans }) => sum + storedSpans, 0);
  }

  /** Why no lane gets its spans into the store; undefined while one does. */
  get trouble(): string | undefined {
    const troubles = this.#writers.map(({ trouble }) => trouble);
    return troubles.includes(undefined) ? undefined : troubles[0];
  }

  start(): void {
    for (const writer of this.#writers) writer.start();
  }

  async stop(drainMs: number): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.stop(drainMs)));
  }
}
