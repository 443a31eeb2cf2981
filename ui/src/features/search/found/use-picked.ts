import type { FoundTrace } from '@clew/contract';
import { useEffect, useState } from 'react';

/** Two traces can be compared. */
const MAX_PICKED = 2;

/** Ids of the ticked traces, in the order in which they were; a third takes the place of the first. */
export function usePicked(traces: readonly FoundTrace[]): {
  readonly picked: readonly string[];
  readonly pick: (traceId: string) => void;
  readonly clearPicked: () => void;
} {
  const [picked, setPicked] = useState<readonly string[]>([]);
  // What is gone from the list cannot be seen to be ticked.
  useEffect(() => {
    setPicked((now) => {
      const kept = now.filter((one) => traces.some(({ traceId }) => traceId === one));
      return kept.length === now.length ? now : kept;
    });
  }, [traces]);
  const pick = (traceId: string): void => {
    setPicked((now) => {
      if (now.includes(traceId)) return now.filter((one) => one !== traceId);
      return [...now, traceId].slice(-MAX_PICKED);
    });
  };
  return { picked, pick, clearPicked: () => setPicked([]) };
}
