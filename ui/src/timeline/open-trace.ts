import type { TraceColumns } from '@clew/model';
import { decodeTraceColumns } from '@clew/wire/columns/decode-trace-columns';
import { text } from '../text/catalogue.ts';
import { buildTraceModel, type TraceModel } from './trace-model.ts';
import type { TraceWork, TraceWorkDone } from './trace-worker.ts';

/** Up to this many spans a trace is made ready within a frame; above, a worker does it. */
const WORKER_FROM_SPANS = 10_000;
const BYTES_PER_SPAN = 39;
/** An answer that takes longer is of a large trace, most likely: its worker starts while there is nothing else to do. */
const START_WORKER_AFTER_MS = 80;

/** Models of columns that are in use, so that each is built once: as received, and with clock skew adjusted. */
const received = new WeakMap<TraceColumns, TraceModel>();
const adjusted = new WeakMap<TraceColumns, TraceModel>();

/** Reads a trace as the server sends it; a large one in a worker, which builds its model as well. */
export async function openTrace(loading: Promise<ArrayBuffer>): Promise<TraceColumns> {
  let reader: TraceReader | undefined;
  const timer = setTimeout(() => {
    reader = startReader();
  }, START_WORKER_AFTER_MS);
  try {
    const body = await loading;
    if (body.byteLength < WORKER_FROM_SPANS * BYTES_PER_SPAN) return decodeTraceColumns(body);
    clearTimeout(timer);
    reader ??= startReader();
    const model = await reader.read({ body, adjust: false }, [body]);
    received.set(model.columns, model);
    return model.columns;
  } finally {
    clearTimeout(timer);
    reader?.stop();
  }
}

/** The model of columns where it is known or quickly built; undefined where `loadTraceModel` is to be asked. */
export function readyTraceModel(columns: TraceColumns, adjust: boolean): TraceModel | undefined {
  const models = adjust ? adjusted : received;
  const known = models.get(columns);
  if (known !== undefined || columns.spanCount >= WORKER_FROM_SPANS) return known;
  const model = buildTraceModel(columns, { adjust });
  models.set(columns, model);
  return model;
}

/** The model of columns, from a worker. */
export async function loadTraceModel(columns: TraceColumns, adjust: boolean): Promise<TraceModel> {
  const ready = readyTraceModel(columns, adjust);
  if (ready !== undefined) return ready;
  // The columns stay here: the worker gets a copy.
  const reader = startReader();
  const built = await reader.read({ columns, adjust }, []).finally(reader.stop);
  const model = adjust ? built : { ...built, columns };
  (adjust ? adjusted : received).set(columns, model);
  return model;
}

interface TraceReader {
  /** To be called once. */
  read(work: TraceWork, transfer: ArrayBuffer[]): Promise<TraceModel>;
  stop(): void;
}

function startReader(): TraceReader {
  const worker = new Worker(new URL('./trace-worker.ts', import.meta.url), { type: 'module' });
  const done = new Promise<TraceModel>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<TraceWorkDone>) => {
      if ('model' in data) resolve(data.model);
      else reject(new Error(data.problem));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(text.problem.traceReader));
    });
  });
  // It may fail before it has anything to read; whoever then asks is told.
  done.catch(() => undefined);
  return {
    read: (work, transfer) => {
      worker.postMessage(work, transfer);
      return done;
    },
    stop: () => worker.terminate(),
  };
}
