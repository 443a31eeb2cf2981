/** Spans sent at half of what the program takes, for as long as questions are asked. */
import { type LoadOrder, type LoadResult, PLAIN_PROTOBUF } from '../load/load-messages.ts';
import type { LoadProcess } from '../load/load-process.ts';
import type { Quantiles } from '../load/quantiles.ts';
import type { Target } from '../target/target.ts';
import type { IngestFigures } from './query-bench.ts';

const CAPACITY_SPANS = 300_000;
const CONNECTIONS = 4;
/** One order to the generator; it is repeated until `stop`. */
const STRETCH_MS = 5_000;
const TIMEOUT_MS = 600_000;

export class IngestBeside {
  readonly #generator: LoadProcess;
  readonly #target: Target;
  readonly #capacity: number;
  readonly #results: LoadResult[] = [];
  readonly #done: Promise<void>;
  #isStopped = false;

  private constructor(generator: LoadProcess, target: Target, capacity: number) {
    this.#generator = generator;
    this.#target = target;
    this.#capacity = capacity;
    this.#done = this.#send();
  }

  /** Measures what the program takes, until stored, then sends at half of that. */
  static async start(generator: LoadProcess, target: Target, say: (text: string) => void): Promise<IngestBeside> {
    const startMs = performance.now();
    const { batch } = generator.setup;
    const result = await generator.load(orderTo(target, Math.ceil(CAPACITY_SPANS / batch), {}));
    await target.drained(result.acknowledgedSpans, performance.now() + TIMEOUT_MS);
    const capacity = (result.acknowledgedSpans / (performance.now() - startMs)) * 1000;
    say(`ingesting: ${Math.round(capacity)} spans/s until stored, from now on half of that`);
    return new IngestBeside(generator, target, capacity);
  }

  async stop(): Promise<IngestFigures> {
    this.#isStopped = true;
    await this.#done;
    const acknowledgedSpans = this.#results.reduce((sum, { acknowledgedSpans: spans }) => sum + spans, 0);
    const wallMs = this.#results.reduce((sum, result) => sum + result.wallMs, 0);
    return {
      capacitySpansPerSecond: this.#capacity,
      spansPerSecond: (acknowledgedSpans / wallMs) * 1000,
      acknowledgedSpans,
      acknowledgeMs: worstOf(this.#results.map(({ acknowledgeMs }) => acknowledgeMs)),
    };
  }

  async #send(): Promise<void> {
    const requestsPerSecond = this.#capacity / 2 / this.#generator.setup.batch;
    const requests = Math.ceil((requestsPerSecond * STRETCH_MS) / 1000);
    while (!this.#isStopped) {
      const order = orderTo(this.#target, requests, { requestsPerSecond, durationMs: 2 * STRETCH_MS });
      this.#results.push(await this.#generator.load(order));
    }
  }
}

function orderTo(target: Target, requests: number, more: Partial<LoadOrder>): LoadOrder {
  return {
    kind: 'load',
    transport: 'http',
    url: target.urlOf('http'),
    form: PLAIN_PROTOBUF,
    connections: CONNECTIONS,
    requests,
    timeoutMs: TIMEOUT_MS,
    ...more,
  };
}

/** Medians of the stretches' medians, the worst of their tails. */
function worstOf(all: readonly Quantiles[]): Quantiles | undefined {
  const some = all.filter(({ count }) => count > 0);
  if (some.length === 0) return undefined;
  const middle = some.map(({ p50 }) => p50).sort((a, b) => a - b)[Math.floor(some.length / 2)];
  return {
    count: some.reduce((sum, { count }) => sum + count, 0),
    p50: middle,
    p90: Math.max(...some.map(({ p90 }) => p90)),
    p99: Math.max(...some.map(({ p99 }) => p99)),
    max: Math.max(...some.map(({ max }) => max)),
  };
}
