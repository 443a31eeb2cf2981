const FIXED_TIMEOUT_MS = 60_000;
/** Slower than this, a million spans have failed. */
const TIMEOUT_MS_PER_MILLION = 600_000;

/** How long sending or storing so many spans may take. */
export function timeoutMs(spans: number): number {
  return FIXED_TIMEOUT_MS + (spans / 1e6) * TIMEOUT_MS_PER_MILLION;
}
