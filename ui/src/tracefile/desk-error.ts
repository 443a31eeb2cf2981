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
