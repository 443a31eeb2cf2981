/** What the API answers of services: how they do, what they consist of, who calls whom. 64-bit numbers as text. */
import type { ReadStatistics } from './api-types.ts';

/**
 * Rate, errors and durations of some spans in a period. A span that a sampler left to stand for several counts as so
 * many.
 */
export interface RedFigures {
  readonly spans: number;
  readonly errors: number;
  /** Spans per second of the part of the period that has passed. */
  readonly rate: number;
  /** Durations that 50, 95 and 99 % of the spans do not exceed, nanoseconds; null where none was looked at. */
  readonly p50Nano: number | null;
  readonly p95Nano: number | null;
  readonly p99Nano: number | null;
}

/** The period asked for, and the one of the same length before it; null where it has no span. */
export interface ComparedFigures {
  readonly now: RedFigures | null;
  readonly before: RedFigures | null;
}

/** Time in whole minutes: a span belongs to the period with start < its start ≤ end. */
export interface ServicePeriod {
  readonly startUnixNano: string;
  readonly endUnixNano: string;
  /** Seconds of it that have passed. */
  readonly seconds: number;
  /** Length of a bucket; the last one may reach beyond the end. */
  readonly stepNano: string;
  readonly pointCount: number;
  /**
   * The share of the five-minute parts of both periods whose spans the durations rest on: 1, or less where there are
   * more spans than are read for them. Counts rest on all spans.
   */
  readonly latencyShare: number;
}

export interface ServiceFigures extends ComparedFigures {
  readonly name: string;
  /** service.namespace, or empty. */
  readonly namespace: string;
  /**
   * requests: spans of kind server or consumer and root spans. spans: all spans, for a service that has none of these.
   */
  readonly counted: 'requests' | 'spans';
  /** Per second, one a bucket; null for a bucket that has not begun. */
  readonly rates: readonly (number | null)[];
  readonly errorRates: readonly (number | null)[];
}

/** GET /api/v1/services-overview */
export interface ServicesOverviewAnswer extends ServicePeriod {
  /** Most counted spans first. */
  readonly services: readonly ServiceFigures[];
  /** There are more services than are listed. */
  readonly hasMore: boolean;
  readonly statistics: ReadStatistics;
}

export interface OperationFigures extends ComparedFigures {
  readonly name: string;
  readonly kind: number;
  /** Whether it is among the requests of the service, at least in part. */
  readonly isRequest: boolean;
  /** Nanoseconds of all its spans together. */
  readonly totalNano: number;
}

/** A part of the durations; the next one begins where it ends. */
export interface LatencyBucket {
  /** Durations from this one (exclusive) on, nanoseconds. */
  readonly fromNano: number;
  readonly toNano: number;
  readonly spans: number;
  readonly errors: number;
}

/** Spans with an error that have operation, message and exception type in common. */
export interface ErrorGroup {
  readonly name: string;
  readonly kind: number;
  /** Of the status, cut at 300 characters; may be empty. */
  readonly message: string;
  /** exception.type of an event, or error.type of the span, or empty. */
  readonly exceptionType: string;
  readonly spans: number;
  readonly firstUnixNano: string;
  readonly lastUnixNano: string;
  /** Newest first, at most three. */
  readonly examples: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** Requests by where they were handled. */
export interface InstanceFigures {
  /** service.instance.id, or empty. */
  readonly instance: string;
  /** host.name, or k8s.pod.name, or empty. */
  readonly host: string;
  readonly version: string;
  readonly figures: RedFigures;
  readonly lastUnixNano: string;
}

export interface VersionFigures {
  /** service.version; empty for spans without. */
  readonly version: string;
  readonly figures: RedFigures;
  /** Of its first span in the two periods. */
  readonly firstUnixNano: string;
  readonly lastUnixNano: string;
  /** It began within the period, and others were there before: a deployment. */
  readonly isNew: boolean;
}

/** GET /api/v1/services/{service}/overview */
export interface ServiceAnswer extends ServicePeriod {
  /** Undefined when it sent nothing in the two periods. */
  readonly service?: ServiceFigures;
  /** Most time in all first. */
  readonly operations: readonly OperationFigures[];
  readonly hasMoreOperations: boolean;
  /** Of the counted spans, shortest first, without holes. */
  readonly latency: readonly LatencyBucket[];
  /** Most frequent first. */
  readonly errors: readonly ErrorGroup[];
  readonly hasMoreErrors: boolean;
  /** Most spans first. */
  readonly instances: readonly InstanceFigures[];
  readonly hasMoreInstances: boolean;
  /** Newest first. */
  readonly versions: readonly VersionFigures[];
  readonly statistics: ReadStatistics;
}

/**
 * service: sends spans itself. The others are known from the spans of those that call them; a messaging peer also from
 * those that it delivers to.
 */
export interface DependencyNode {
  readonly kind: 'service' | 'database' | 'messaging' | 'external';
  readonly name: string;
}

export interface DependencyEdge {
  readonly caller: DependencyNode;
  readonly callee: DependencyNode;
  /** Calls and errors per second are estimates where a share of the traces was looked at. */
  readonly calls: number;
  readonly errors: number;
  readonly rate: number;
  /** As of RedFigures, of the span that `measuredAt` names. */
  readonly p50Nano: number;
  readonly p95Nano: number;
  readonly p99Nano: number;
  /** callee: spans of the called service. caller: of the caller, where the called one sends none. */
  readonly measuredAt: 'callee' | 'caller';
  /** Spans that were looked at for this edge. */
  readonly seen: number;
  /** A trace with this call: of those looked at the slowest. */
  readonly exampleTraceId: string;
}

/** GET /api/v1/dependencies */
export interface DependenciesAnswer {
  /** What was looked at; later than asked for where there are more spans than are read. */
  readonly startUnixNano: string;
  readonly endUnixNano: string;
  readonly seconds: number;
  /** Whether that is less than was asked for. */
  readonly isShortened: boolean;
  /** Share of the traces that was looked at, chosen by their ids: 1 for all. */
  readonly traceShare: number;
  /** Most calls first. */
  readonly edges: readonly DependencyEdge[];
  readonly hasMore: boolean;
  readonly statistics: ReadStatistics;
}
