import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultSet } from '../model/faults.ts';
import { planJourney } from '../model/plan-journey.ts';
import { type Random, seededRandom } from '../model/random.ts';
import type { SendProgress } from './counting-exporter.ts';
import { emitJourney } from './emit-journey.ts';
import { loadOtlpExporter, type Protocol } from './otlp-exporter.ts';
import { ShopTracers } from './shop-tracers.ts';

export interface ShopOptions {
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** Journeys a second. */
  readonly rate: number;
  /** Live traffic ends after this; Infinity runs until the signal. */
  readonly durationMs: number;
  /** Journeys are first spread over this much of the past; 0 for none. */
  readonly backfillMs: number;
  readonly seed: number;
  readonly faults: FaultSet;
  /** How long a batch is offered to an endpoint that does not take it. */
  readonly giveUpMs?: number;
  readonly signal?: AbortSignal;
  /** Called a few times a second. */
  readonly onProgress?: (progress: ShopProgress) => void;
}

export interface ShopProgress extends SendProgress {
  readonly phase: 'backfill' | 'live' | 'flush';
  readonly journeys: number;
  readonly emittedSpans: number;
}

const TICK_MS = 100;
const DEFAULT_GIVE_UP_MS = 120_000;
/** Journeys between two looks at the queues. */
const BURST = 8;
/** The part of the backfilled time, the newest, in which the faults are on: charts show before and after. */
const FAULTY_PART = 0.25;
const NO_FAULTS: FaultSet = new Set();

/**
 * Runs the shop until the time is over or the signal fires, then flushes.
 * @returns the final counts.
 */
export async function runShop(options: ShopOptions): Promise<ShopProgress> {
  const exporter = await loadOtlpExporter(options.protocol, options.endpoint);
  const tracers = new ShopTracers(exporter, options.faults, options.giveUpMs ?? DEFAULT_GIVE_UP_MS);
  const shop = new RunningShop(options, tracers);
  // Whoever stops the shop does not want to wait for an endpoint that is away.
  const onAbort = () => tracers.stopRetrying();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  try {
    await shop.backfill();
    await shop.live();
    shop.enter('flush');
    await tracers.shutdown();
    return shop.progress();
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

class RunningShop {
  readonly #options: ShopOptions;
  readonly #tracers: ShopTracers;
  readonly #random: Random;
  #phase: ShopProgress['phase'] = 'backfill';
  #journeys = 0;
  #emittedSpans = 0;
  #lastReportMs = 0;

  constructor(options: ShopOptions, tracers: ShopTracers) {
    this.#options = options;
    this.#tracers = tracers;
    this.#random = seededRandom(options.seed);
  }

  progress(): ShopProgress {
    return {
      ...this.#tracers.progress,
      phase: this.#phase,
      journeys: this.#journeys,
      emittedSpans: this.#emittedSpans,
    };
  }

  enter(phase: ShopProgress['phase']): void {
    this.#phase = phase;
    this.#report(true);
  }

  /** As fast as the endpoint takes it, oldest first. Traffic swells and ebbs over a period of twenty minutes. */
  async backfill(): Promise<void> {
    const { backfillMs, rate, faults, signal } = this.#options;
    if (backfillMs <= 0) return;
    this.enter('backfill');
    const endMs = Date.now();
    let atMs = endMs - backfillMs;
    for (;;) {
      const swell = 1 + 0.35 * Math.sin((atMs / 1_200_000) * 2 * Math.PI);
      atMs += (-Math.log(1 - this.#random.next()) * 1000) / (rate * swell);
      if (atMs >= endMs || signal?.aborted) return;
      const isFaulty = endMs - atMs < backfillMs * FAULTY_PART;
      this.#send(isFaulty ? faults : NO_FAULTS, atMs);
      if (this.#journeys % BURST === 0) await this.#breathe();
    }
  }

  async live(): Promise<void> {
    const { durationMs, rate, faults, signal } = this.#options;
    if (durationMs <= 0) return;
    this.enter('live');
    const startMs = performance.now();
    for (let sent = 0; !signal?.aborted; ) {
      const elapsedMs = performance.now() - startMs;
      const owed = Math.floor((Math.min(elapsedMs, durationMs) * rate) / 1000) - sent;
      // What a stalled endpoint kept from being sent is not made up for in one blow.
      const burst = Math.min(owed, Math.max(BURST, rate));
      for (let i = 0; i < burst && !signal?.aborted; i++) {
        this.#send(faults, undefined);
        if (i % BURST === BURST - 1) await this.#breathe();
      }
      sent += owed;
      this.#report();
      if (elapsedMs >= durationMs) return;
      await this.#tracers.waitForRoom();
      await sleep(Math.min(TICK_MS, durationMs - elapsedMs), undefined, { ...(signal && { signal }) }).catch(
        () => undefined,
      );
    }
  }

  /** @param startUnixMs undefined for a journey that ends now. */
  #send(faults: FaultSet, startUnixMs: number | undefined): void {
    const journey = planJourney(this.#random, faults);
    const start = startUnixMs ?? Date.now() - journey.endUs / 1000;
    this.#journeys++;
    this.#emittedSpans += emitJourney(journey, start, (span) => this.#tracers.tracerFor(span));
  }

  /** Lets exports proceed and waits where a queue is full. */
  async #breathe(): Promise<void> {
    await this.#tracers.waitForRoom();
    this.#report();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #report(isForced = false): void {
    const nowMs = performance.now();
    if (!isForced && nowMs - this.#lastReportMs < 250) return;
    this.#lastReportMs = nowMs;
    this.#options.onProgress?.(this.progress());
  }
}
