/**
 * The one door to the engine for everything that people read: who may run a statement now, who waits, who is refused,
 * and how much of the engine a statement gets. Inserts do not pass here; what reads may take leaves them their share.
 */
import { placesOf, type ReadGateLimits, type StatementKind } from './read-gate-limits.ts';
import { ReadGivesWayError, type ReadQueueLimit, ReadRefusedError } from './read-refused-error.ts';
import { TenantTime } from './tenant-time.ts';

export interface ReadGateMetrics {
  refused(limit: ReadQueueLimit): void;
  cancelled(stage: 'waiting' | 'running'): void;
  finished(statement: {
    readonly tenant: string;
    readonly kind: StatementKind;
    readonly waitSeconds: number;
    readonly seconds: number;
    readonly bytesRead: number;
  }): void;
}

/** Whose statement it is, and what for. */
export interface StatementPurpose {
  /** As the statement names it; several tenants together are one that waits for itself. */
  readonly tenant: string;
  readonly kind: StatementKind;
  /** For the spare kind: called while it runs and somebody has to wait. It is to end soon. */
  readonly giveWay?: (reason: Error) => void;
}

export interface StatementRequest extends StatementPurpose {
  /** Not the first statement of its read: what has begun is not refused any more, it waits until its time is over. */
  readonly continues: boolean;
  readonly signal: AbortSignal | undefined;
}

/** A statement that may run. `end` must be called once. */
export interface StatementPass {
  /** For max_memory_usage, bytes. */
  readonly memoryBytes: number;
  /** For max_threads. */
  readonly threads: number;
  end(outcome: { readonly bytesRead: number; readonly cancelled: boolean }): void;
}

interface Waiting extends StatementRequest {
  readonly sinceMs: number;
  readonly start: (pass: StatementPass) => void;
}

interface Running extends StatementPurpose {
  readonly sinceMs: number;
  readonly memoryBytes: number;
}

/** Statements of everybody's past that the expected time is the mean of, about. */
const REMEMBERED_STATEMENTS = 20;
const MAX_RETRY_AFTER_SECONDS = 30;

export class ReadGate {
  readonly limits: ReadGateLimits;
  #metrics: ReadGateMetrics | undefined;
  readonly #waiting = new Set<Waiting>();
  readonly #running = new Set<Running>();
  readonly #time = new TenantTime();
  #meanStatementMs = 50;
  #roomBytes: () => number = () => Number.POSITIVE_INFINITY;

  constructor(limits: ReadGateLimits) {
    this.limits = limits;
  }

  /** Tells these from now on. */
  reportTo(metrics: ReadGateMetrics): void {
    this.#metrics = metrics;
  }

  /** @param roomBytes what all processes together may still take: a statement that begins is promised no more. */
  keepWithin(roomBytes: () => number): void {
    this.#roomBytes = roomBytes;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** The pass of a statement that need not wait: nearly always, and then nobody has to watch a clock for it. */
  enterAtOnce(purpose: StatementPurpose): StatementPass | undefined {
    if (this.#waiting.size > 0 || !this.#mayRun(purpose)) return undefined;
    return this.#start(purpose, performance.now());
  }

  /**
   * Resolves when the statement may run.
   * @throws ReadRefusedError for the first statement of a read when a limit of the queue is met; the signal's reason;
   * ReadGivesWayError for the spare kind where it would wait, or leave nobody else a place.
   */
  async enter(request: StatementRequest): Promise<StatementPass> {
    const { signal } = request;
    signal?.throwIfAborted();
    const atOnce = this.enterAtOnce(request);
    if (atOnce !== undefined) return atOnce;
    const sinceMs = performance.now();
    if (request.kind === 'spare') throw new ReadGivesWayError();
    this.#makeRoom(request.tenant);
    if (!request.continues) this.#refuseWhenFull(request.tenant);
    return new Promise((resolve, reject) => {
      const leave = (error: unknown): void => {
        this.#waiting.delete(waiting);
        finish();
        reject(error);
      };
      const onAbort = (): void => {
        this.#metrics?.cancelled('waiting');
        leave(signal?.reason);
      };
      const { maxWaitMs } = this.limits;
      const timer = request.continues
        ? undefined
        : setTimeout(() => leave(this.#refusal('query.maxWaitMs', maxWaitMs)), maxWaitMs);
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiting: Waiting = {
        ...request,
        sinceMs,
        start: (pass) => {
          finish();
          resolve(pass);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#startNext();
    });
  }

  /** Ends what runs for nobody, where its place is one that the tenant could have. */
  #makeRoom(tenant: string): void {
    const isFull = this.#running.size >= this.limits.maxRunning;
    for (const running of this.#running) {
      if (isFull || running.tenant === tenant) running.giveWay?.(new ReadGivesWayError());
    }
  }

  #refuseWhenFull(tenant: string): void {
    const { maxWaiting, maxWaitingPerTenant } = this.limits;
    let own = 0;
    let all = 0;
    for (const waiting of this.#waiting) {
      if (waiting.continues) continue;
      all++;
      if (waiting.tenant === tenant) own++;
    }
    if (all >= maxWaiting) throw this.#refusal('query.maxWaiting', maxWaiting);
    if (own >= maxWaitingPerTenant) throw this.#refusal('query.maxWaitingPerTenant', maxWaitingPerTenant);
  }

  #refusal(limit: ReadQueueLimit, value: number): ReadRefusedError {
    this.#metrics?.refused(limit);
    const waiting = this.#waiting.size;
    const untilFreeMs = (waiting * this.#meanStatementMs) / this.limits.maxRunning;
    const retryAfterSeconds = Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(1, Math.ceil(untilFreeMs / 1000)));
    return new ReadRefusedError(limit, value, waiting, retryAfterSeconds);
  }

  #mayRun({ tenant, kind }: StatementPurpose): boolean {
    const { maxRunning, maxRunningPerTenant } = this.limits;
    if (this.#running.size >= maxRunning) return false;
    let own = 0;
    let searches = 0;
    let aggregates = 0;
    for (const running of this.#running) {
      if (running.tenant === tenant) own++;
      if (running.kind === 'aggregate') aggregates++;
      else if (running.kind === 'search') searches++;
    }
    if (own >= maxRunningPerTenant) return false;
    // Where memory is short one that may need much waits for the one before it.
    if (kind !== 'lookup' && searches + aggregates > 0 && this.#roomBytes() <= 0) return false;
    if (kind === 'spare') return this.#running.size + 1 < maxRunning && own + 1 < maxRunningPerTenant;
    if (kind === 'aggregate' && aggregates >= placesOf('aggregate', maxRunning)) return false;
    return kind === 'lookup' || searches + aggregates < placesOf('search', maxRunning);
  }

  #start({ tenant, kind, giveWay }: StatementPurpose, waitingSinceMs: number): StatementPass {
    const sinceMs = performance.now();
    const memoryBytes = kind === 'spare' ? this.#equalShare : this.#freeMemory();
    const running: Running = { tenant, kind, sinceMs, memoryBytes, ...(giveWay && { giveWay }) };
    const threads = Math.max(1, Math.ceil(this.limits.maxThreads / (this.#running.size + 1)));
    this.#running.add(running);
    return {
      memoryBytes,
      threads,
      end: ({ bytesRead, cancelled }) => {
        if (!this.#running.delete(running)) return;
        const nowMs = performance.now();
        const ms = nowMs - sinceMs;
        this.#time.add(tenant, ms, nowMs);
        this.#meanStatementMs += (ms - this.#meanStatementMs) / REMEMBERED_STATEMENTS;
        if (cancelled) this.#metrics?.cancelled('running');
        const waitSeconds = (sinceMs - waitingSinceMs) / 1000;
        this.#metrics?.finished({ tenant, kind, waitSeconds, seconds: ms / 1000, bytesRead });
        this.#startNext();
      },
    };
  }

  /**
   * What has not been promised to others and all processes may still take, and at least an equal share: what a statement
   * has to sort or group beyond that goes to the disk.
   */
  #freeMemory(): number {
    let promised = 0;
    for (const running of this.#running) promised += running.memoryBytes;
    const free = Math.min(this.limits.memoryBytes - promised, Math.floor(this.#roomBytes()));
    return Math.max(free, this.#equalShare);
  }

  get #equalShare(): number {
    return Math.floor(this.limits.memoryBytes / this.limits.maxRunning);
  }

  #startNext(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#waiting.delete(next);
      next.start(this.#start(next, next.sinceMs));
    }
  }

  /** Of those that may run: the tenant that used the engine least lately; of one tenant see `isBefore`. */
  #next(): Waiting | undefined {
    const nowMs = performance.now();
    let best: Waiting | undefined;
    let bestTime = 0;
    for (const waiting of this.#waiting) {
      if (!this.#mayRun(waiting)) continue;
      const time = this.#timeOf(waiting.tenant, nowMs);
      const isFirst =
        best === undefined || time < bestTime || (best.tenant === waiting.tenant && isBefore(waiting, best));
      if (!isFirst) continue;
      best = waiting;
      bestTime = time;
    }
    return best;
  }

  #timeOf(tenant: string, nowMs: number): number {
    let ms = this.#time.of(tenant, nowMs);
    for (const running of this.#running) if (running.tenant === tenant) ms += nowMs - running.sinceMs;
    return ms;
  }
}

/** Cheap ones first, then what has begun, then in the order they came (a Set keeps it). */
function isBefore(a: Waiting, b: Waiting): boolean {
  if ((a.kind === 'lookup') !== (b.kind === 'lookup')) return a.kind === 'lookup';
  return a.continues && !b.continues;
}
