import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOrder, LoadResult, SentTrace } from './load-messages.ts';
import { quantilesOf } from './quantiles.ts';
import { FreshRequests, type OutgoingRequest, prepareRequests, type RequestSource } from './request-source.ts';
import type { RequestTemplate } from './request-template.ts';
import { Schedule, sleepUntil } from './schedule.ts';
import { openSender, type RequestSender } from './send-request.ts';

const RETRY_PAUSE_MS = 100;
/** Of a load, about. */
const KEPT_TRACES = 100;

/** Carries out an order; rejects when a request fails for good or time is up. */
export async function runLoad(templates: readonly RequestTemplate[], order: LoadOrder): Promise<LoadResult> {
  const { form, replay } = order;
  const isPlain = form.encoding === 'protobuf' && form.compression === 'none';
  const source =
    isPlain && replay === undefined ? new FreshRequests(templates) : await prepareRequests(templates, order);
  return new Load(order, source).run();
}

class Load {
  readonly #order: LoadOrder;
  readonly #source: RequestSource;
  readonly #keepEvery: number;
  readonly #latenciesMs: number[] = [];
  readonly #lateMs: number[] = [];
  readonly #traces: SentTrace[] = [];
  #startMs = 0;
  #schedule: Schedule | undefined;
  #started = 0;
  #spans = 0;
  #retries = 0;
  #sentBytes = 0;

  constructor(order: LoadOrder, source: RequestSource) {
    this.#order = order;
    this.#source = source;
    this.#keepEvery = Math.max(1, Math.floor(order.requests / KEPT_TRACES));
  }

  async run(): Promise<LoadResult> {
    const { connections, transport, url, form, requestsPerSecond } = this.#order;
    const senders = Array.from({ length: connections }, () => openSender({ transport, url, form, tenant: '' }));
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    this.#startMs = startMs;
    if (requestsPerSecond !== undefined) this.#schedule = new Schedule(startMs, requestsPerSecond);
    try {
      await Promise.all(senders.map((sender) => this.#work(sender)));
    } finally {
      for (const sender of senders) sender.close();
    }
    const cpu = process.cpuUsage(cpuBefore);
    return {
      acknowledgedSpans: this.#spans,
      retries: this.#retries,
      sentBytes: this.#sentBytes,
      wallMs: performance.now() - startMs,
      acknowledgeMs: quantilesOf(this.#latenciesMs),
      lateMs: quantilesOf(this.#lateMs),
      traces: this.#traces,
      generatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
    };
  }

  async #work(sender: RequestSender): Promise<void> {
    const { requests, durationMs = Number.POSITIVE_INFINITY, timeoutMs } = this.#order;
    while (this.#started < requests && performance.now() - this.#startMs < durationMs) {
      const isKept = ++this.#started % this.#keepEvery === 0 || this.#started === requests;
      const dueMs = this.#schedule?.takeDueMs();
      // Made before it is due: making it is not the receiver's time.
      const request = this.#source.take();
      if (dueMs !== undefined) {
        const isFree = performance.now() <= dueMs;
        await sleepUntil(dueMs);
        if (isFree) this.#lateMs.push(performance.now() - dueMs);
      }
      if (performance.now() - this.#startMs > timeoutMs) throw new Error(`not done after ${timeoutMs} ms.`);
      await this.#sendUntilAccepted(sender, request, dueMs ?? performance.now());
      if (isKept) this.#traces.push(request.trace());
      request.release();
    }
  }

  async #sendUntilAccepted(sender: RequestSender, request: OutgoingRequest, fromMs: number): Promise<void> {
    const { timeoutMs } = this.#order;
    while ((await sender.send(request.body)).kind === 'refused') {
      this.#retries++;
      if (performance.now() - this.#startMs > timeoutMs) throw new Error(`still refused after ${timeoutMs} ms.`);
      await sleep(RETRY_PAUSE_MS);
    }
    this.#latenciesMs.push(performance.now() - fromMs);
    this.#spans += request.spanCount;
    this.#sentBytes += request.body.byteLength;
  }
}
