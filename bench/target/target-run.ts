/** A target under load, with the count of what it has acknowledged. */
import { type LoadOrder, type LoadResult, PLAIN_PROTOBUF, type SentTrace } from '../load/load-messages.ts';
import type { LoadProcess } from '../load/load-process.ts';
import { type ProcessTreeCpu, readTreeCpu } from './process-tree.ts';
import { mergesQuiet, verifyStored } from './store-figures.ts';
import type { Target } from './target.ts';
import { timeoutMs } from './timeout.ts';

export type TargetLoad = Pick<LoadOrder, 'transport' | 'connections'> &
  Partial<Pick<LoadOrder, 'form' | 'requestsPerSecond' | 'durationMs'>> & {
    /** At most, rounded up to whole requests. */
    readonly spans: number;
  };

export interface StoredLoad extends LoadResult {
  /** From the first request until everything was in the store. */
  readonly storedMs: number;
}

export class TargetRun {
  readonly target: Target;
  readonly #generator: LoadProcess;
  readonly #traces: SentTrace[] = [];
  #acknowledged = 0;

  constructor(target: Target, generator: LoadProcess) {
    this.target = target;
    this.#generator = generator;
  }

  /** Spans acknowledged so far, by whomever they were sent. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Some of the traces it holds, oldest first. */
  get traces(): readonly SentTrace[] {
    return this.#traces;
  }

  /** Spans that were sent another way. */
  addAcknowledged(spans: number): void {
    this.#acknowledged += spans;
  }

  /** Sends, and waits until all of it is in the store. */
  async load({ spans, form = PLAIN_PROTOBUF, transport, ...rest }: TargetLoad): Promise<StoredLoad> {
    const result = await this.#generator.load({
      kind: 'load',
      ...rest,
      form,
      transport,
      url: this.target.urlOf(transport),
      requests: Math.ceil(spans / this.#generator.setup.batch),
      timeoutMs: timeoutMs(spans) + (rest.durationMs ?? 0),
    });
    this.addAcknowledged(result.acknowledgedSpans);
    this.#traces.push(...result.traces);
    const sentMs = performance.now();
    await this.drained();
    return { ...result, storedMs: result.wallMs + performance.now() - sentMs };
  }

  /** Resolves when everything acknowledged is in the store. */
  drained(): Promise<void> {
    return this.target.drained(this.#acknowledged, performance.now() + timeoutMs(this.#acknowledged));
  }

  /** Waits until merges are quiet; the CPU time when they became so. */
  settled(): Promise<ProcessTreeCpu> {
    const deadlineMs = performance.now() + timeoutMs(this.#acknowledged);
    return mergesQuiet(this.target, deadlineMs, () => readTreeCpu(this.target.pid));
  }

  /** @throws Error when the store does not hold exactly what was acknowledged. */
  verify(): Promise<void> {
    return verifyStored(this.target, this.#acknowledged);
  }
}
