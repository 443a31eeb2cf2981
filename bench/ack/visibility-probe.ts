/** Sends single spans and asks the search API for them until it finds them. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SpanId, TraceId } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { PLAIN_PROTOBUF, type Transport } from '../load/load-messages.ts';
import { type Quantiles, quantilesOf } from '../load/quantiles.ts';
import { Schedule, sleepUntil } from '../load/schedule.ts';
import { openSender } from '../load/send-request.ts';
import type { Target } from '../target/target.ts';

export interface VisibilityFigures {
  readonly probes: number;
  /** From the acknowledgement until a search had answered with the span. */
  readonly afterAcknowledgeMs: Quantiles;
  /** From when the span was sent until then. */
  readonly afterSendMs: Quantiles;
  /** Searches asked, one after another, and how long they took. */
  readonly searchMs: Quantiles;
}

const SERVICE = 'clew-bench-probe';
/** Between searches, or as long as the last one took: they may not become the load that is measured. */
const POLL_PAUSE_MS = 100;
/** A probe that is not found by then has failed the benchmark. */
const GIVE_UP_MS = 60_000;
/** Around the probes still waiting: a search that is no wider than it must be. */
const MARGIN_MS = 2_000;
const SEARCH_LIMIT = 200;

interface Probe {
  readonly sentUnixMs: number;
  readonly sentMs: number;
  readonly acknowledgedMs: number;
}

/** Probes for `durationMs`; resolves when the last one has been found. @throws Error when one stays unseen. */
export class VisibilityProbe {
  readonly #target: Target;
  readonly #transport: Transport;
  readonly #waiting = new Map<string, Probe>();
  readonly #afterAcknowledgeMs: number[] = [];
  readonly #afterSendMs: number[] = [];
  readonly #searchMs: number[] = [];
  #isSending = true;

  constructor(target: Target, transport: Transport) {
    this.#target = target;
    this.#transport = transport;
  }

  async run(durationMs: number, probesPerSecond: number): Promise<VisibilityFigures> {
    const sending = this.#send(durationMs, probesPerSecond).finally(() => {
      this.#isSending = false;
    });
    await Promise.all([sending, this.#search()]);
    return {
      probes: this.#afterSendMs.length,
      afterAcknowledgeMs: quantilesOf(this.#afterAcknowledgeMs),
      afterSendMs: quantilesOf(this.#afterSendMs),
      searchMs: quantilesOf(this.#searchMs),
    };
  }

  /** At fixed times, without waiting for the probe before. */
  async #send(durationMs: number, probesPerSecond: number): Promise<void> {
    const startMs = performance.now();
    const schedule = new Schedule(startMs, probesPerSecond);
    const underWay: Promise<void>[] = [];
    for (;;) {
      const dueMs = schedule.takeDueMs();
      if (dueMs - startMs > durationMs) break;
      await sleepUntil(dueMs);
      underWay.push(this.#sendOne());
    }
    await Promise.all(underWay);
  }

  async #sendOne(): Promise<void> {
    const url = this.#target.urlOf(this.#transport);
    const sender = openSender({ transport: this.#transport, url, form: PLAIN_PROTOBUF, tenant: '' });
    const traceId = randomBytes(16).toString('hex');
    const sentUnixMs = Date.now();
    const sentMs = performance.now();
    try {
      const outcome = await sender.send(probeRequest(traceId));
      if (outcome.kind === 'accepted')
        this.#waiting.set(traceId, { sentUnixMs, sentMs, acknowledgedMs: performance.now() });
      else throw new Error(`a probe was refused: ${outcome.status}.`);
    } finally {
      sender.close();
    }
  }

  async #search(): Promise<void> {
    while (this.#isSending || this.#waiting.size > 0) {
      const beforeMs = performance.now();
      if (this.#waiting.size > 0) await this.#searchOnce();
      await sleep(Math.max(POLL_PAUSE_MS, performance.now() - beforeMs));
    }
  }

  async #searchOnce(): Promise<void> {
    const askedMs = performance.now();
    const oldestUnixMs = Math.min(...[...this.#waiting.values()].map(({ sentUnixMs }) => sentUnixMs));
    const range = { startUnixMs: oldestUnixMs - MARGIN_MS, endUnixMs: Date.now() + MARGIN_MS };
    const found = await this.#target.query.search({ service: SERVICE, ...range, limit: SEARCH_LIMIT });
    const seenMs = performance.now();
    this.#searchMs.push(seenMs - askedMs);
    for (const traceId of found) {
      const probe = this.#waiting.get(traceId);
      if (probe === undefined) continue;
      this.#waiting.delete(traceId);
      this.#afterAcknowledgeMs.push(seenMs - probe.acknowledgedMs);
      this.#afterSendMs.push(seenMs - probe.sentMs);
    }
    for (const [traceId, { acknowledgedMs }] of this.#waiting) {
      if (seenMs - acknowledgedMs > GIVE_UP_MS) {
        throw new Error(`trace ${traceId}: acknowledged, not found by search after ${GIVE_UP_MS} ms.`);
      }
    }
  }
}

/** One span of the present. */
function probeRequest(traceId: string): Uint8Array {
  const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: traceId as TraceId,
    spanId: randomBytes(8).toString('hex') as SpanId,
    parentSpanId: '' as SpanId,
    traceState: '',
    flags: 0x101,
    name: 'probe',
    kind: 1,
    startTimeUnixNano: nowUnixNano,
    endTimeUnixNano: nowUnixNano + 1_000_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
  const service = { key: 'service.name', value: { type: 'string', value: SERVICE } } as const;
  const scope = { name: 'clew-bench', version: '', attributes: [], droppedAttributesCount: 0 };
  return encodeOtlpProtobuf({
    resourceSpans: [
      {
        resource: { attributes: [service], droppedAttributesCount: 0 },
        scopeSpans: [{ scope, spans: [span], schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  });
}
