import type { Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { FaultSet } from '../model/faults.ts';
import type { PlannedSpan } from '../model/planned-span.ts';
import { resourceAttributes, SERVICES } from '../model/services.ts';
import { CountingExporter, type SendProgress } from './counting-exporter.ts';

/** Spans a service may hold before the shop waits for them to be sent. */
const MAX_QUEUED_SPANS = 4096;
const BATCH_SPANS = 512;
/** No journey makes more spans than this in one service; the queue has room for one more journey when it is full. */
const MAX_JOURNEY_SPANS = 2048;

/**
 * The shop's tracers: a provider with its own resource for every instance, one bounded queue for every service, one
 * connection for all. Nothing is registered globally, so the shop can run inside a process that traces itself.
 */
export class ShopTracers {
  readonly progress: SendProgress = { sentSpans: 0, refusedSpans: 0, trouble: undefined };
  readonly #exporter: SpanExporter;
  readonly #counting: CountingExporter;
  readonly #processors = new Map<string, BatchSpanProcessor>();
  readonly #tracers = new Map<string, Tracer>();
  readonly #providers = new Map<string, BasicTracerProvider>();
  readonly #queuedSpans = new Map<string, number>();
  readonly #faults: FaultSet;

  /** @param giveUpMs how long a batch is offered to an endpoint that does not take it. */
  constructor(exporter: SpanExporter, faults: FaultSet, giveUpMs: number) {
    this.#exporter = exporter;
    this.#faults = faults;
    this.#counting = new CountingExporter(exporter, this.progress, giveUpMs);
    for (const { name } of SERVICES) {
      this.#processors.set(
        name,
        new BatchSpanProcessor(this.#counting, {
          maxQueueSize: MAX_QUEUED_SPANS + MAX_JOURNEY_SPANS,
          maxExportBatchSize: BATCH_SPANS,
          scheduledDelayMillis: 500,
          // The counting exporter decides when to give up.
          exportTimeoutMillis: giveUpMs + 60_000,
        }),
      );
    }
  }

  /** The tracer that reports this span, counted into its service's queue. */
  tracerFor(span: PlannedSpan): Tracer {
    this.#queuedSpans.set(span.service, (this.#queuedSpans.get(span.service) ?? 0) + 1);
    const key = `${span.service}\n${span.instance}\n${span.scope}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const tracer = this.#providerFor(span).getTracer(span.scope, '1.0.0');
    this.#tracers.set(key, tracer);
    return tracer;
  }

  /** Waits for services whose queue is full, so that the SDK never has to drop. Cheap when there is room. */
  async waitForRoom(): Promise<void> {
    for (const [service, count] of this.#queuedSpans) {
      if (count < MAX_QUEUED_SPANS) continue;
      await this.#flushService(service);
    }
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#processors.keys()].map((service) => this.#flushService(service)));
  }

  /** @param isUrgent gives up what the endpoint does not take at once. */
  async shutdown(isUrgent = false): Promise<void> {
    if (isUrgent) this.#counting.stopRetrying();
    await this.flush();
    await Promise.allSettled([...this.#processors.values()].map((processor) => processor.shutdown()));
    await this.#exporter.shutdown();
  }

  /** Waiting batches are given up at once. */
  stopRetrying(): void {
    this.#counting.stopRetrying();
  }

  async #flushService(service: string): Promise<void> {
    this.#queuedSpans.set(service, 0);
    // A failed export is in `progress`; the shop goes on.
    await this.#processors
      .get(service)
      ?.forceFlush()
      .catch(() => undefined);
  }

  #providerFor({ service, instance }: PlannedSpan): BasicTracerProvider {
    const key = `${service}\n${instance}`;
    const known = this.#providers.get(key);
    if (known !== undefined) return known;
    const owner = SERVICES.find(({ name }) => name === service);
    const processor = this.#processors.get(service);
    if (owner === undefined || processor === undefined) throw new RangeError(`no service "${service}" in the shop.`);
    const isNextVersion = this.#faults.has('bad-deploy') && service === 'cart' && instance === owner.instances - 1;
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        ...resourceAttributes(owner, instance, isNextVersion),
        'telemetry.sdk.name': 'opentelemetry',
        'telemetry.sdk.language': 'nodejs',
        'telemetry.sdk.version': '2.12.0',
      }),
      // OTEL_TRACES_SAMPLER of the surroundings is meant for somebody else.
      sampler: new AlwaysOnSampler(),
      spanProcessors: [processor],
    });
    this.#providers.set(key, provider);
    return provider;
  }
}
