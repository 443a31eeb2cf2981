import type { TraceColumns } from '@clew/model';
import { useEffect, useState } from 'react';
import { loadTraceModel, readyTraceModel } from '../../timeline/open-trace.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';

/** The model of a trace; of a large one the model before until a worker has built it, undefined at first. */
export function useTraceModel(columns: TraceColumns, adjust: boolean): TraceModel | undefined {
  const ready = readyTraceModel(columns, adjust);
  const [last, setLast] = useState(ready);
  useEffect(() => {
    let isLatest = true;
    const keep = (model: TraceModel): void => {
      if (isLatest) setLast(model);
    };
    if (ready !== undefined) keep(ready);
    else void loadTraceModel(columns, adjust).then(keep);
    return () => {
      isLatest = false;
    };
  }, [columns, adjust, ready]);
  return ready ?? last;
}
