import type { RedFigures } from '@clew/contract';

/** Shares of errors from which a service is shown as such. */
export const WARN_SHARE = 0.01;
export const BAD_SHARE = 0.05;

export const HEALTHS = ['ok', 'warn', 'bad', 'idle', 'unknown'] as const;
export type Health = (typeof HEALTHS)[number];

/** By the share of errors; idle: no span in the period. */
export function healthOf(figures: Pick<RedFigures, 'spans' | 'errors'> | null | undefined): Health {
  if (figures === null || figures === undefined || figures.spans === 0) return 'idle';
  const share = figures.errors / figures.spans;
  if (share >= BAD_SHARE) return 'bad';
  return share >= WARN_SHARE ? 'warn' : 'ok';
}

/** Of several the worst; unknown ones say nothing. */
export function worstHealth(healths: readonly Health[]): Health {
  for (const health of ['bad', 'warn', 'ok', 'idle'] as const) if (healths.includes(health)) return health;
  return 'unknown';
}
