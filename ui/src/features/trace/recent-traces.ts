const KEY = 'clew.recent-traces.1';
const MAX_TRACES = 20;

/** A trace that was looked at in this browser, newest first. */
export interface RecentTrace {
  readonly traceId: string;
  /** Title of its page. */
  readonly title: string;
}

export function readRecentTraces(): readonly RecentTrace[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRecentTrace).slice(0, MAX_TRACES) : [];
  } catch {
    return []; // No storage, or not our text: nothing is remembered.
  }
}

export function rememberTrace(trace: RecentTrace): void {
  const others = readRecentTraces().filter(({ traceId }) => traceId !== trace.traceId);
  try {
    localStorage.setItem(KEY, JSON.stringify([trace, ...others].slice(0, MAX_TRACES)));
  } catch {
    // Storage is off or full: the list stays as it was.
  }
}

function isRecentTrace(value: unknown): value is RecentTrace {
  if (typeof value !== 'object' || value === null) return false;
  const given: Partial<Record<keyof RecentTrace, unknown>> = value;
  return typeof given.traceId === 'string' && typeof given.title === 'string';
}
