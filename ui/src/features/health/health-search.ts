export const HEALTH_TABS = ['ingest', 'storage', 'sampling', 'quality'] as const;
export type HealthTab = (typeof HEALTH_TABS)[number];

export const QUALITY_RANGES = ['now-15m', 'now-1h', 'now-24h', 'now-7d'] as const;
export type QualityRange = (typeof QUALITY_RANGES)[number];

/** What the health page keeps in its URL; defaults are left out. */
export interface HealthSearch {
  readonly tab?: Exclude<HealthTab, 'ingest'>;
  /** Of the parts that read spans. */
  readonly from?: Exclude<QualityRange, 'now-1h'>;
}

/** Keeps what is well formed; the rest falls back to its default. */
export function parseHealthSearch(values: Readonly<Record<string, unknown>>): HealthSearch {
  const tab = HEALTH_TABS.find((known) => known === values.tab);
  const from = QUALITY_RANGES.find((known) => known === values.from);
  return {
    ...(tab === undefined || tab === 'ingest' ? {} : { tab }),
    ...(from === undefined || from === 'now-1h' ? {} : { from }),
  };
}
