/** The tables that hold rows, by what housekeeping does with them. */
export interface StoreTables {
  /** All three partitioned by (retention_days, day). */
  readonly spans: string;
  readonly traceTimes: string;
  readonly spanMinutes: string;
  /** Partitioned by week. */
  readonly catalogue: readonly string[];
}

export const STORE_TABLES: StoreTables = {
  spans: 'spans',
  traceTimes: 'trace_times',
  spanMinutes: 'span_minutes',
  catalogue: ['resources', 'scopes', 'operations', 'attribute_keys'],
};
