import { TraceFileError } from '@clew/wire/file/trace-file-error';
import { ProblemError } from '../client/problem-error.ts';
import type { DeskFailure } from './desk-error.ts';

/** An error as it crosses from the worker. */
export function deskFailureOf(error: unknown): DeskFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TraceFileError) return { code: error.code, message, place: error.place, status: 0 };
  if (error instanceof ProblemError) return { code: error.code, message, place: '', status: error.status };
  const isMemory = error instanceof RangeError;
  return { code: isMemory ? 'TRACE_FILE_TOO_LARGE' : 'TRACE_DESK_FAILED', message, place: '', status: 0 };
}
