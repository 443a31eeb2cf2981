import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/** `ExportResult` of @opentelemetry/core, as the SpanExporter interface uses it. */
type ResultCallback = Parameters<SpanExporter['export']>[1];
type ExportResult = Parameters<ResultCallback>[0];

const SUCCESS = 0;

export interface SendProgress {
  /** Spans whose export the endpoint confirmed. */
  sentSpans: number;
  /** Spans given up: refused for good, or not taken within `giveUpMs`. */
  refusedSpans: number;
  /** Why the endpoint does not take spans at present; undefined while it does. */
  trouble: string | undefined;
}

/** First wait after a failed export; doubles up to the second. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * Counts what an exporter delivers and tries again, for up to `giveUpMs`, when the endpoint is away. The SDK's own
 * exporters drop a batch once their time-out of seconds is over.
 */
export class CountingExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #progress: SendProgress;
  readonly #giveUpMs: number;
  readonly #pending = new Set<Promise<void>>();
  #isStopped = false;

  constructor(inner: SpanExporter, progress: SendProgress, giveUpMs: number) {
    this.#inner = inner;
    this.#progress = progress;
    this.#giveUpMs = giveUpMs;
  }

  export(spans: ReadableSpan[], resultCallback: ResultCallback): void {
    const delivery = this.#deliver(spans).then((result) => {
      this.#pending.delete(delivery);
      resultCallback(result);
    });
    this.#pending.add(delivery);
  }

  /** Waits for what is under way, which the SDK's batch processor alone does not: it knows its own last flush. */
  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#pending);
    await this.#inner.forceFlush?.();
  }

  /** The inner exporter is shared and shut down by its owner. */
  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  /** Waiting batches are given up at once. */
  stopRetrying(): void {
    this.#isStopped = true;
  }

  async #deliver(spans: ReadableSpan[]): Promise<ExportResult> {
    const startMs = performance.now();
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      const result = await new Promise<ExportResult>((resolve) => this.#inner.export(spans, resolve));
      if (result.code === SUCCESS) {
        this.#progress.sentSpans += spans.length;
        this.#progress.trouble = undefined;
        return result;
      }
      this.#progress.trouble = result.error?.message || 'the export failed without a reason';
      if (this.#isStopped || isFinal(result.error) || performance.now() - startMs + waitMs > this.#giveUpMs) {
        this.#progress.refusedSpans += spans.length;
        return result;
      }
      await this.#wait(waitMs);
    }
  }

  async #wait(ms: number): Promise<void> {
    for (let rest = ms; rest > 0 && !this.#isStopped; rest -= 100) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, rest)));
    }
  }
}

/** HTTP answers and gRPC codes that the OTLP specification does not let a client repeat ("Failures"). */
function isFinal(error: Error | undefined): boolean {
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (typeof code !== 'number') return false;
  return code >= 100 ? ![429, 502, 503, 504].includes(code) : ![1, 4, 8, 10, 11, 14, 15].includes(code);
}
