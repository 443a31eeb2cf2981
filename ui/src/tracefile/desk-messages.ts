import type { TraceDesk } from './trace-desk.ts';

/** What the page may ask the worker for, with the answers. */
export interface DeskCalls {
  readonly openFile: TraceDesk['openFile'];
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

/** An error as it crosses from the worker. */
export interface DeskFailure {
  readonly code: string;
  readonly message: string;
  /** Where in the file; empty for the whole. */
  readonly place: string;
  /** HTTP status where the server refused; else 0. */
  readonly status: number;
}

/** What went wrong in the worker. */
export class DeskError extends Error {
  override readonly name = 'DeskError';
  readonly code: string;
  readonly place: string;
  readonly status: number;

  constructor(failure: DeskFailure) {
    super(failure.message);
    this.code = failure.code;
    this.place = failure.place;
    this.status = failure.status;
  }
}
