import type { TraceColumns } from '@clew/model';
import { decodeTraceColumns } from '@clew/wire/columns/decode-trace-columns';
import { buildTraceModel, type TraceModel } from './trace-model.ts';

/** A body as the server sent it, or columns that are here already. */
export type TraceWork =
  | { readonly body: ArrayBuffer; readonly adjust: boolean }
  | { readonly columns: TraceColumns; readonly adjust: boolean };

export type TraceWorkDone = { readonly model: TraceModel } | { readonly problem: string };

/** Beside the main thread: a trace of 1,000,000 spans takes a few hundred milliseconds to be made ready. */
addEventListener('message', ({ data }: MessageEvent<TraceWork>) => {
  try {
    const columns = 'body' in data ? decodeTraceColumns(data.body) : data.columns;
    const model = buildTraceModel(columns, { adjust: data.adjust });
    postMessage({ model } satisfies TraceWorkDone, { transfer: buffersOf(model) });
  } catch (error) {
    postMessage({ problem: error instanceof Error ? error.message : String(error) } satisfies TraceWorkDone);
  }
});

/** Every buffer of the model once: they are handed over, not copied. */
function buffersOf(model: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(model)) {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const buffer of buffersOf(value)) buffers.add(buffer);
    }
  }
  return [...buffers];
}
