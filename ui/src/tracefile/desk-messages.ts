import type { DeskFailure } from './desk-error.ts';
import type { TraceDesk } from './trace-desk.ts';

/** What the page may ask the worker for, with the answers. */
export interface DeskCalls {
  readonly openFiles: TraceDesk['openFiles'];
  /** Fetches the trace from the server. */
  readonly openStored: (traceId: string) => Promise<unknown>;
  readonly columns: TraceDesk['columns'];
  readonly span: TraceDesk['span'];
  readonly events: TraceDesk['events'];
  readonly match: TraceDesk['match'];
  readonly values: TraceDesk['values'];
  readonly linkingSpans: TraceDesk['linkingSpans'];
  readonly exportTrace: TraceDesk['exportTrace'];
}

export type DeskCall = keyof DeskCalls;

export interface DeskRequest<Call extends DeskCall = DeskCall> {
  readonly id: number;
  readonly call: Call;
  readonly parameters: Parameters<DeskCalls[Call]>;
}

export type DeskReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: DeskFailure };
