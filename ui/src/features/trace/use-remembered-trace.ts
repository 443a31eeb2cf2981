import { useEffect } from 'react';
import { rememberTrace } from './recent-traces.ts';
import type { TraceSource } from './trace-source.ts';

/** Has the palette offer this trace again, by the name it now has; one out of a file is gone with its file. */
export function useRememberedTrace({ isStored }: TraceSource, traceId: string, title: string): void {
  useEffect(() => {
    if (isStored) rememberTrace({ traceId, title });
  }, [isStored, traceId, title]);
}
