import type { FoundSeries, MetricsAnswer } from '@clew/contract';

/** A version of a service that others were there before. */
export interface Deployment {
  readonly service: string;
  readonly version: string;
  /** Begin of the column with its first spans, unix milliseconds. */
  readonly atMs: number;
  readonly column: number;
}

/** More markers would hide the charts. */
export const MAX_DEPLOYMENTS = 20;

/**
 * Versions that begin within the range while their service was there before, in order of time.
 * @param answer of `count_over_time() by(resource.service.name, resource.service.version)`
 */
export function findDeployments(answer: MetricsAnswer): readonly Deployment[] {
  const begins = new Map<string, { readonly version: string; readonly column: number }[]>();
  for (const series of answer.series) {
    const service = labelOf(series, 'resource.service.name');
    const version = labelOf(series, 'resource.service.version');
    const column = series.values.findIndex((value) => value !== null && value > 0);
    if (service === '' || version === '' || column === -1) continue;
    begins.set(service, [...(begins.get(service) ?? []), { version, column }]);
  }
  const startMs = Number(BigInt(answer.startUnixNano) / 1_000_000n);
  const stepMs = Number(answer.stepNano) / 1e6;
  const deployments = [...begins].flatMap(([service, versions]) => {
    const first = versions.reduce((least, { column }) => Math.min(least, column), Number.POSITIVE_INFINITY);
    return versions
      .filter(({ column }) => column > first)
      .map(({ version, column }): Deployment => ({ service, version, column, atMs: startMs + column * stepMs }));
  });
  return deployments
    .sort((a, b) => a.column - b.column || a.service.localeCompare(b.service))
    .slice(0, MAX_DEPLOYMENTS);
}

function labelOf({ labels }: FoundSeries, name: string): string {
  const label = labels.find((one) => one.name === name);
  return label === undefined || label.type === 'nil' ? '' : label.value;
}
