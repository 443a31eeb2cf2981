import {
  type FloodGroupResult,
  type FloodOrder,
  type FloodResult,
  type FloodSenders,
  PLAIN_PROTOBUF,
} from './load-messages.ts';
import { quantilesOf } from './quantiles.ts';
import { FreshRequests } from './request-source.ts';
import type { RequestTemplate } from './request-template.ts';
import { Schedule, sleepUntil } from './schedule.ts';
import { openSender, type RequestSender } from './send-request.ts';

interface Second {
  accepted: number;
  refused: number;
}

/** Sends at each group's rate, whatever the answers; what is refused is dropped, as are requests that come too late. */
export async function runFlood(templates: readonly RequestTemplate[], order: FloodOrder): Promise<FloodResult> {
  const source = new FreshRequests(templates);
  const seconds: Second[] = Array.from({ length: Math.ceil(order.durationMs / 1000) }, () => ({
    accepted: 0,
    refused: 0,
  }));
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const groups = order.senders.map((senders) => new FloodGroup(order, senders, source, startMs, seconds));
  await Promise.all(groups.map((group) => group.run()));
  const cpu = process.cpuUsage(cpuBefore);
  return {
    wallMs: performance.now() - startMs,
    groups: groups.map((group) => group.result()),
    seconds,
    generatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

class FloodGroup {
  readonly #order: FloodOrder;
  readonly #senders: FloodSenders;
  readonly #source: FreshRequests;
  readonly #startMs: number;
  readonly #schedule: Schedule;
  readonly #seconds: Second[];
  readonly #acceptedMs: number[] = [];
  readonly #acceptedByConnection: number[];
  readonly #refusals: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  #acceptedSpans = 0;
  #refusedRequests = 0;
  #withoutRetryHint = 0;
  #unknownSpans = 0;

  constructor(order: FloodOrder, senders: FloodSenders, source: FreshRequests, startMs: number, seconds: Second[]) {
    this.#order = order;
    this.#senders = senders;
    this.#source = source;
    this.#startMs = startMs;
    this.#schedule = new Schedule(startMs, senders.requestsPerSecond);
    this.#seconds = seconds;
    this.#acceptedByConnection = new Array<number>(senders.connections).fill(0);
  }

  async run(): Promise<void> {
    await Promise.all(this.#acceptedByConnection.map((_, connection) => this.#work(connection)));
  }

  result(): FloodGroupResult {
    return {
      tenant: this.#senders.tenant,
      due: Math.ceil((this.#order.durationMs / 1000) * this.#senders.requestsPerSecond),
      acceptedRequests: this.#acceptedMs.length,
      acceptedSpans: this.#acceptedSpans,
      refusedRequests: this.#refusedRequests,
      refusals: this.#refusals,
      withoutRetryHint: this.#withoutRetryHint,
      errors: this.#errors,
      unknownSpans: this.#unknownSpans,
      acceptedByConnection: this.#acceptedByConnection,
      acceptedMs: quantilesOf([...this.#acceptedMs]),
    };
  }

  async #work(connection: number): Promise<void> {
    const open = (): RequestSender =>
      openSender({
        transport: this.#order.transport,
        url: this.#order.url,
        form: PLAIN_PROTOBUF,
        tenant: this.#senders.tenant,
      });
    let sender = open();
    try {
      for (;;) {
        const dueMs = this.#schedule.takeDueMs();
        await sleepUntil(Math.min(dueMs, this.#startMs + this.#order.durationMs));
        if (Math.max(dueMs, performance.now()) >= this.#startMs + this.#order.durationMs) return;
        if (await this.#sendOne(sender, connection)) continue;
        sender.close();
        sender = open();
      }
    } finally {
      sender.close();
    }
  }

  /** False when the connection is broken. */
  async #sendOne(sender: RequestSender, connection: number): Promise<boolean> {
    const request = this.#source.take();
    const sentMs = performance.now();
    try {
      const outcome = await sender.send(request.body);
      const nowMs = performance.now();
      const second = this.#seconds[Math.floor((nowMs - this.#startMs) / 1000)];
      if (outcome.kind === 'accepted') {
        this.#acceptedMs.push(nowMs - sentMs);
        this.#acceptedSpans += request.spanCount;
        this.#acceptedByConnection[connection]++;
        if (second !== undefined) second.accepted++;
      } else {
        this.#refusedRequests++;
        this.#refusals[outcome.status] = (this.#refusals[outcome.status] ?? 0) + 1;
        if (!outcome.hasRetryHint) this.#withoutRetryHint++;
        if (second !== undefined) second.refused++;
      }
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#errors[message] = (this.#errors[message] ?? 0) + 1;
      this.#unknownSpans += request.spanCount;
      return false;
    } finally {
      request.release();
    }
  }
}
