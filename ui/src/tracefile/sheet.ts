import type { SpanBatch } from '@clew/model';
import { type BatchTraces, groupByTrace } from './batch-traces.ts';

/** What one file holds, or what several hold of the same traces, as it lies on the desk. */
export interface Sheet {
  readonly batch: SpanBatch;
  readonly traces: BatchTraces;
  /** Where it came from; empty for the server. */
  readonly fileNames: readonly string[];
}

export function sheetOf(batch: SpanBatch, fileNames: readonly string[]): Sheet {
  return { batch, traces: groupByTrace(batch), fileNames };
}
