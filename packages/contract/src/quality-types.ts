import type { ReadStatistics } from './api-types.ts';

/** What a service's spans of a range are like; counts of spans where nothing else is said. */
export interface ServiceQuality {
  readonly service: string;
  readonly spanCount: number;
  /** Lost attributes, events or links at the sender's own limits, as it says (dropped_…_count). */
  readonly cutBySender: number;
  /** End before their start. */
  readonly negativeDuration: number;
  /** Began more than a minute after they were received: the sender's clock is ahead. */
  readonly fromTheFuture: number;
  /** Received more than an hour after they ended. */
  readonly late: number;
  /** Stand for more than themselves, as the sampler wrote into the trace state (ot=th:…). */
  readonly sampled: number;
  /** How many spans all of them stand for. */
  readonly weight: number;
  /** Largest number of spans one stands for. */
  readonly maxWeight: number;
}

/** GET /api/v1/quality */
export interface QualityAnswer {
  /** Those with most spans, at most 200. Spans without service.name are those of `unknown_service`. */
  readonly services: readonly ServiceQuality[];
  /** Of all services, also those that are not listed. */
  readonly spanCount: number;
  /** What only whole traces show, from every `oneInTraces`-th trace; absent where a limit stopped it. */
  readonly sample?: {
    readonly oneInTraces: number;
    readonly spanCount: number;
    readonly traceCount: number;
    /** Name a parent that is not stored. */
    readonly withoutParent: number;
    readonly tracesWithoutParent: number;
    /** Begin before their parent does: the clocks of two hosts differ. */
    readonly beforeParent: number;
    /** Stored more than once, under one id. */
    readonly duplicates: number;
  };
  readonly statistics: ReadStatistics;
}
