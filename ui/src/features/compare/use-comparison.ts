import type { TraceColumns } from '@clew/model';
import { useEffect, useState } from 'react';
import { buildComparison, type Comparison, type ComparisonInput } from './build-comparison.ts';

/** Up to this many spans in both traces comparing takes less than a frame or two; above, a worker does it. */
const WORKER_FROM_SPANS = 5_000;

/** The comparison, made without a pause in the page; undefined until it is there. */
export function useComparison(a: TraceColumns, b: TraceColumns): Comparison | undefined {
  const [made, setMade] = useState<{ readonly a: TraceColumns; readonly b: TraceColumns; readonly of: Comparison }>();
  useEffect(() => {
    const arrived = (of: Comparison): void => setMade({ a, b, of });
    if (a.spanCount + b.spanCount < WORKER_FROM_SPANS) {
      arrived(buildComparison(a, b));
      return;
    }
    const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', (event: MessageEvent<Comparison>) => {
      worker.terminate();
      arrived(event.data);
    });
    worker.addEventListener('error', () => {
      worker.terminate();
      // A worker that cannot be fetched or started must not cost the reader the comparison.
      arrived(buildComparison(a, b));
    });
    const copies = { a: copyOf(a), b: copyOf(b) };
    worker.postMessage(copies, [...buffersOf(copies.a), ...buffersOf(copies.b)]);
    return () => worker.terminate();
  }, [a, b]);
  return made?.a === a && made.b === b ? made.of : undefined;
}

/** To give away: the columns are views of one buffer that stays here, and that would be cloned as a whole. */
function copyOf(columns: TraceColumns): ComparisonInput {
  const { spanCount, durationNano, names, services, parent, start, duration, name, service, kind, flags } = columns;
  return {
    ...{ spanCount, durationNano, names, services },
    parent: parent.slice(),
    start: start.slice(),
    duration: duration.slice(),
    name: name.slice(),
    service: service.slice(),
    kind: kind.slice(),
    flags: flags.slice(),
  };
}

function buffersOf({ parent, start, duration, name, service, kind, flags }: ComparisonInput): ArrayBuffer[] {
  return [parent, start, duration, name, service, kind, flags].map(({ buffer }) => buffer as ArrayBuffer);
}
