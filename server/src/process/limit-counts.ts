/** What limits cost the tenants since it was last taken: for metrics. */

/** The names in metrics and docs/operating/limits.md. */
export type ProcessLimit =
  | 'spans_per_second'
  | 'spans_per_trace'
  | 'attribute_count'
  | 'attribute_value_bytes'
  | 'attribute_keys'
  | 'span_names_per_service';

export interface LimitCount {
  readonly limit: ProcessLimit;
  readonly tenant: string;
  /** Requests, spans, attributes or values, whatever the limit is about. */
  readonly count: number;
}

export class LimitCounts {
  #counts = new Map<string, LimitCount>();

  add(limit: ProcessLimit, tenant: string, count: number): void {
    if (count === 0) return;
    const key = `${limit} ${tenant}`;
    this.#counts.set(key, { limit, tenant, count: (this.#counts.get(key)?.count ?? 0) + count });
  }

  /** Empties it. */
  take(): readonly LimitCount[] {
    if (this.#counts.size === 0) return NONE;
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    return counts;
  }
}

const NONE: readonly LimitCount[] = [];
