/** The main thread's side of decoding: hands bodies to workers, their blocks to the journal, and outcomes back. */
import { performance } from 'node:perf_hooks';
import { FairShares } from '@clew/model/fair-shares';
import type { SpareBuffers } from '@clew/model/spare-buffers';
import type { JournalEntry } from '../journal/entry.ts';
import type { Ingest, IngestOutcome, IngestRequest } from '../receive/ingest.ts';
import type { DecodeMetrics } from '../telemetry/ingest-metrics.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import { DecodeWorker } from './decode-worker.ts';
import { FairQueue, type Queued } from './fair-queue.ts';
import {
  type BlockDone,
  DEFAULT_WORKER_LIMITS,
  type FromWorker,
  type TenantSetup,
  type WorkerLimits,
} from './worker-messages.ts';

export interface IngestPoolLimits {
  /** Body bytes from `ingest` to the outcome; beyond it requests are `overloaded`. */
  readonly maxInFlightBytes: number;
  readonly maxInFlightRequests: number;
  /** Bodies given to one worker at a time; the rest waits where turns are taken. */
  readonly maxWorkerBytes: number;
  /** Longest wait for a worker or for room in the journal; then the request is `overloaded`. */
  readonly maxQueueMs: number;
  /** What senders are told to wait when one of these is reached. */
  readonly overloadedRetryAfterMs: number;
  /** What senders are told to wait when the journal is full: the store has to catch up first. */
  readonly journalFullRetryAfterMs: number;
  /** A worker that has work and says nothing for this long is replaced. Decoding the largest body takes seconds. */
  readonly stallTimeoutMs: number;
  /** Wait before a dead worker is replaced: doubles from the first to the second with every death in a row. */
  readonly firstRestartDelayMs: number;
  readonly lastRestartDelayMs: number;
  /** How long `close()` waits for requests under way. */
  readonly closeTimeoutMs: number;
  readonly worker: WorkerLimits;
}

export const DEFAULT_INGEST_POOL_LIMITS: IngestPoolLimits = {
  maxInFlightBytes: 256 * 2 ** 20,
  maxInFlightRequests: 4096,
  maxWorkerBytes: 16 * 2 ** 20,
  maxQueueMs: 3_000,
  overloadedRetryAfterMs: 1_000,
  journalFullRetryAfterMs: 5_000,
  stallTimeoutMs: 60_000,
  firstRestartDelayMs: 100,
  lastRestartDelayMs: 10_000,
  closeTimeoutMs: 10_000,
  worker: DEFAULT_WORKER_LIMITS,
};

export interface IngestPoolOptions {
  /** The bundled ingest-worker. */
  readonly workerUrl: URL;
  readonly workerCount: number;
  /** Resolves once the entry is durable. An error with code JOURNAL_FULL makes its requests `overloaded`. */
  readonly append: (entry: JournalEntry) => Promise<void>;
  /** Where the memory of bodies goes when they are decoded. */
  readonly bodyMemory: SpareBuffers;
  /** Where memory for blocks comes from. */
  readonly blockMemory: SpareBuffers;
  /** Why the journal should be given nothing more for now; undefined while it takes entries. */
  readonly journalFullBecause?: () => string | undefined;
  readonly tenantSetup: TenantSetup;
  readonly limits: IngestPoolLimits;
  readonly metrics: DecodeMetrics;
  readonly logger: StageLogger;
}

export interface IngestPool {
  readonly ingest: Ingest;
  /** Resolves when every worker has started; rejects when one dies before. */
  readonly ready: Promise<void>;
  /** Refuses new requests, waits for those under way, ends the workers. */
  close(): Promise<void>;
}

export function createIngestPool(options: IngestPoolOptions): IngestPool {
  const pool = new WorkerPool(options);
  return { ingest: (request) => pool.ingest(request), ready: pool.ready, close: () => pool.close() };
}

interface Waiting {
  readonly bytes: number;
  readonly tenant: string;
  readonly resolve: (outcome: IngestOutcome) => void;
}

interface QueuedRequest extends Queued {
  readonly id: number;
  readonly request: IngestRequest;
  readonly receivedUnixMs: number;
}

/** How often what waits is looked after when nothing else happens. */
const SWEEP_MS = 100;

class WorkerPool {
  readonly ready: Promise<void>;
  readonly #options: IngestPoolOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #workers = new Set<DecodeWorker>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  readonly #watchdog: NodeJS.Timeout;
  readonly #sweeper: NodeJS.Timeout;
  readonly #queue = new FairQueue<QueuedRequest>();
  /** Requests under way by tenant, so that one tenant does not take all the places. */
  readonly #shares: FairShares;
  /** Since when the journal has been full; undefined while it is not. */
  #journalFullSinceMs: number | undefined;
  readonly #settleReady: { resolve: () => void; reject: (error: Error) => void };
  #lastId = 0;
  #inFlightBytes = 0;
  #deathsInARow = 0;
  #closing = false;
  #isDispatchDue = false;
  #onIdle: (() => void) | undefined;

  constructor(options: IngestPoolOptions) {
    this.#options = options;
    const { promise, resolve, reject } = promiseWithResolvers();
    this.ready = promise;
    // Who does not ask is told by the log.
    promise.catch(() => {});
    this.#settleReady = { resolve, reject };
    for (let i = 0; i < options.workerCount; i++) this.#startWorker();
    this.#watchdog = setInterval(() => this.#endStalled(), options.limits.stallTimeoutMs / 4);
    this.#watchdog.unref();
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
    this.#shares = new FairShares(options.limits.maxInFlightRequests);
  }

  ingest(request: IngestRequest): Promise<IngestOutcome> {
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return Promise.resolve(refusal);
    if (this.#workers.size === 0) return Promise.resolve(this.#overloaded('no decode worker is running. Retry later.'));
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      const { tenant, client = '' } = request;
      const bytes = request.body.byteLength;
      this.#waiting.set(id, { bytes, tenant, resolve });
      this.#shares.change(tenant, 1);
      this.#inFlightBytes += bytes;
      this.#reportInFlight();
      const queuedMs = performance.now();
      this.#queue.push({ id, tenant, client, bytes, queuedMs, request, receivedUnixMs: Date.now() });
      // The only one under way waits for nobody.
      if (this.#waiting.size === 1) this.#dispatch();
      else this.#dispatchSoon();
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#watchdog);
    for (const timer of this.#restarts) clearTimeout(timer);
    await this.#idle();
    clearInterval(this.#sweeper);
    await Promise.all([...this.#workers].map((worker) => worker.end()));
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { kind: 'failed', message: 'Clew is shutting down.' });
  }

  #refusal(request: IngestRequest): IngestOutcome | undefined {
    const { maxInFlightBytes, maxInFlightRequests, maxQueueMs, journalFullRetryAfterMs } = this.#options.limits;
    const { metrics } = this.#options;
    const { tenant } = request;
    if (this.#closing) return this.#overloaded('Clew is shutting down.');
    if (this.#waiting.size >= maxInFlightRequests) {
      metrics.limitHit('in_flight_requests', tenant, 1);
      return this.#overloaded(
        `ingest: ${this.#waiting.size} requests are waiting (ingest.maxInFlightRequests ${maxInFlightRequests}). Retry later.`,
      );
    }
    // A tenant's first is not refused for the others' sake, however few places there are.
    if (this.#shares.heldBy(tenant) > 0 && !this.#shares.hasRoom(tenant, 1)) {
      metrics.limitHit('tenant_share', tenant, 1);
      return this.#overloaded(
        `ingest: tenant '${tenant}' has its share of the ${maxInFlightRequests} requests that may wait ` +
          '(ingest.maxInFlightRequests). Retry later.',
      );
    }
    const full = this.#journalFullBecause();
    if (full !== undefined && performance.now() - (this.#journalFullSinceMs ?? 0) >= maxQueueMs) {
      metrics.limitHit('journal', tenant, 1);
      return { kind: 'overloaded', message: full, retryAfterMs: journalFullRetryAfterMs };
    }
    // One request alone is always taken, whatever its size: its own limit is checked elsewhere.
    if (this.#waiting.size > 0 && this.#inFlightBytes + request.body.byteLength > maxInFlightBytes) {
      metrics.limitHit('in_flight_bytes', tenant, 1);
      return this.#overloaded(
        `ingest: ${this.#inFlightBytes} bytes are waiting (ingest.maxInFlightBytes ${maxInFlightBytes}). Retry later.`,
      );
    }
    return undefined;
  }

  #overloaded(message: string): IngestOutcome {
    return { kind: 'overloaded', message, retryAfterMs: this.#options.limits.overloadedRetryAfterMs };
  }

  /** Together with all that arrives in this turn of the event loop: a message costs as much as a small request. */
  #dispatchSoon(): void {
    if (this.#isDispatchDue) return;
    this.#isDispatchDue = true;
    setImmediate(() => {
      this.#isDispatchDue = false;
      this.#dispatch();
    });
  }

  /** Gives what waits to workers that have room, in turns, while the journal takes entries. */
  #dispatch(): void {
    if (this.#queue.size === 0 || this.#journalFullBecause() !== undefined) return;
    for (let worker = this.#leastLoaded(); worker !== undefined; worker = this.#leastLoaded()) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      const { id, request, receivedUnixMs } = next;
      const { client: _, ...work } = request;
      worker.give({ id, ...work, receivedUnixMs });
    }
    for (const worker of this.#workers) worker.send();
  }

  /** Refuses what has waited too long. */
  #sweep(): void {
    this.#dispatch();
    if (this.#queue.size === 0) return;
    const { maxQueueMs, overloadedRetryAfterMs, journalFullRetryAfterMs } = this.#options.limits;
    const full = this.#journalFullBecause();
    for (const { id, tenant } of this.#queue.takeOlder(performance.now() - maxQueueMs)) {
      this.#options.metrics.limitHit(full === undefined ? 'queue_wait' : 'journal', tenant, 1);
      this.#settle(id, {
        kind: 'overloaded',
        message: full ?? `ingest: no worker was free for ${maxQueueMs} ms (ingest.workers). Retry later.`,
        retryAfterMs: full === undefined ? overloadedRetryAfterMs : journalFullRetryAfterMs,
      });
    }
  }

  #journalFullBecause(): string | undefined {
    const full = this.#options.journalFullBecause?.();
    if (full === undefined) this.#journalFullSinceMs = undefined;
    else this.#journalFullSinceMs ??= performance.now();
    return full;
  }

  /** Undefined when none has room. */
  #leastLoaded(): DecodeWorker | undefined {
    let best: DecodeWorker | undefined;
    for (const worker of this.#workers) {
      if (worker.queuedBytes >= this.#options.limits.maxWorkerBytes) continue;
      if (
        best === undefined ||
        worker.queuedBytes < best.queuedBytes ||
        (worker.queuedBytes === best.queuedBytes && worker.queuedRequests < best.queuedRequests)
      ) {
        best = worker;
      }
    }
    return best;
  }

  #startWorker(): void {
    const { workerUrl, limits, tenantSetup } = this.#options;
    const worker = new DecodeWorker(
      workerUrl,
      { ...limits.worker, tenantSetup },
      {
        onMessage: (message, from) => this.#onMessage(message, from),
        onGone: (from, error) => this.#onGone(from, error),
      },
    );
    this.#workers.add(worker);
  }

  #onMessage(message: FromWorker, from: DecodeWorker): void {
    switch (message.kind) {
      case 'ready':
        from.ready = true;
        this.#dispatch();
        if ([...this.#workers].filter((worker) => worker.ready).length === this.#options.workerCount) {
          this.#settleReady.resolve();
        }
        return;
      case 'complaint':
        this.#options.logger.error({ error: message.message }, 'decode: a worker met a mistake of ours');
        return;
      case 'block':
        this.#deathsInARow = 0;
        this.#dispatch();
        void this.#finishBlock(message, from);
    }
  }

  async #finishBlock(block: BlockDone, from: DecodeWorker): Promise<void> {
    this.#countBlock(block);
    for (const body of block.bodies) this.#options.bodyMemory.give(body);
    let problem: IngestOutcome | undefined;
    if (block.entry !== undefined) {
      const blockBytes = block.entry.blocks.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
      problem = await this.#append(block.entry);
      // About as much as the worker has just given away.
      const spare = this.#options.blockMemory.take(blockBytes);
      from.tell({ kind: 'verdict', token: block.token, journaled: problem === undefined, ...(spare && { spare }) });
    }
    for (const { id, outcome } of block.answers) {
      // Nothing of these requests was to be journaled, so the journal's trouble is not theirs.
      const ownOutcome = outcome.kind !== 'accepted' || outcome.acceptedSpans === 0;
      this.#settle(id, problem === undefined || ownOutcome ? outcome : problem);
    }
  }

  async #append(entry: JournalEntry): Promise<IngestOutcome | undefined> {
    try {
      await this.#options.append(entry);
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Error && 'code' in error && error.code === 'JOURNAL_FULL') {
        return { kind: 'overloaded', message, retryAfterMs: this.#options.limits.journalFullRetryAfterMs };
      }
      this.#options.logger.error({ err: error, spans: entry.spanCount }, 'ingest: the journal refused a block');
      return { kind: 'failed', message };
    }
  }

  #countBlock(block: BlockDone): void {
    const { metrics } = this.#options;
    let encodedBytes = 0;
    for (const { bytes } of block.entry?.blocks ?? []) encodedBytes += bytes.byteLength;
    metrics.blockEncoded(block.entry?.spanCount ?? 0, encodedBytes, block.answers.length, block.decodeSeconds);
    metrics.bytesDecompressed(block.decompressedBytes);
    for (const [reason, spans] of block.rejectedSpans) metrics.spansRejected(reason, spans);
    if (block.dictionaryReset) metrics.dictionaryReset();
    for (const { limit, tenant, count } of block.limitHits) metrics.limitHit(limit, tenant, count);
  }

  #onGone(worker: DecodeWorker, error: Error | undefined): void {
    this.#workers.delete(worker);
    if (this.#closing) return;
    const { limits, logger, metrics } = this.#options;
    const lost = worker.unansweredIds;
    metrics.workerReplaced(worker.stalled ? 'stall' : 'crash');
    logger.error({ err: error, stalled: worker.stalled, requests: lost.length }, 'decode: a worker died, replacing it');
    this.#settleReady.reject(error ?? new Error('decode: a worker ended before it was ready.'));
    for (const id of lost) {
      this.#settle(id, { kind: 'failed', message: 'the decode worker of this request died. Retry.' });
    }
    const delayMs = Math.min(
      limits.lastRestartDelayMs,
      limits.firstRestartDelayMs * 2 ** Math.min(this.#deathsInARow, 20),
    );
    this.#deathsInARow++;
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#startWorker();
    }, delayMs);
    this.#restarts.add(timer);
  }

  #endStalled(): void {
    const nowMs = performance.now();
    for (const worker of this.#workers) {
      if (worker.silentMs(nowMs) < this.#options.limits.stallTimeoutMs) continue;
      worker.stalled = true;
      void worker.end();
    }
  }

  #settle(id: number, outcome: IngestOutcome): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    this.#shares.change(waiting.tenant, -1);
    this.#inFlightBytes -= waiting.bytes;
    this.#reportInFlight();
    waiting.resolve(outcome);
    if (this.#waiting.size === 0) this.#onIdle?.();
  }

  #reportInFlight(): void {
    this.#options.metrics.inFlightChanged(this.#waiting.size, this.#inFlightBytes);
  }

  #idle(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.limits.closeTimeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Promise.withResolvers, which Node 20 has not. */
function promiseWithResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
