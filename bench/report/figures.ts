/** How figures are written in every report. */
import type { Quantiles } from '../load/quantiles.ts';

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

export function thousands(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(0)} k` : `${(value / 1000).toFixed(1)} k`;
}

export function perMillion(seconds: number, spans: number): string {
  return ((seconds / spans) * 1e6).toFixed(2);
}

/** p50 / p90 / p99 / max in ms; a dash where nothing was measured. */
export function quantiles(ms: Quantiles | undefined): string {
  if (ms === undefined || ms.count === 0) return '-';
  return [ms.p50, ms.p90, ms.p99, ms.max].map(milliseconds).join(' / ');
}

export function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** `2.0x`; a dash when there is nothing to divide by. */
export function ratio(value: number, by: number): string {
  const quotient = value / by;
  return Number.isFinite(quotient) ? `${quotient < 10 ? quotient.toFixed(2) : quotient.toFixed(0)}x` : '-';
}
