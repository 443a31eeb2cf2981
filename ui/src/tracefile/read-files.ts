import type { SpanBatch } from '@clew/model';
import { readTraceFile } from '@clew/wire/file/read-trace-file';
import type { TraceFileFormat } from '@clew/wire/file/sniff-trace-file';
import { TraceFileError } from '@clew/wire/file/trace-file-error';
import { TRACE_FILE_LIMITS } from '@clew/wire/file/trace-file-limits';
import type { DeskFailure } from './desk-error.ts';
import { deskFailureOf } from './desk-failure.ts';
import { MAX_FILE_BYTES, MAX_FILES } from './file-limits.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { unpackFile } from './unpack-file.ts';

export interface OpenedFile {
  readonly name: string;
  readonly format: TraceFileFormat;
  readonly spanCount: number;
  readonly traceCount: number;
}

/** A file that could not be read, and why. */
export interface FailedFile {
  readonly name: string;
  readonly failure: DeskFailure;
}

export interface ReadFiles {
  readonly sheets: readonly Sheet[];
  readonly opened: readonly OpenedFile[];
  readonly failed: readonly FailedFile[];
}

/**
 * Reads files one after the other. One that cannot be read is told and harms no other; what one file may hold is the
 * limit of all of them together, so that one that comes too late for it fails.
 */
export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const sheets: Sheet[] = [];
  const opened: OpenedFile[] = [];
  const failed: FailedFile[] = [];
  let left = { bytes: MAX_FILE_BYTES, spans: TRACE_FILE_LIMITS.maxSpans, records: TRACE_FILE_LIMITS.maxRecords };
  for (const [at, file] of files.entries()) {
    const name = nameAmong(files, at);
    try {
      if (at >= MAX_FILES) throw tooMany(files.length);
      const bytes = await unpackFile(file, left.bytes);
      const limits = { ...TRACE_FILE_LIMITS, maxSpans: left.spans, maxRecords: left.records };
      const { batch, format } = readTraceFile(bytes, limits);
      const sheet = sheetOf(batch, [name]);
      left = {
        bytes: left.bytes - bytes.length,
        spans: left.spans - batch.spanCount,
        records: left.records - recordsOf(batch),
      };
      sheets.push(sheet);
      opened.push({ name, format, spanCount: batch.spanCount, traceCount: sheet.traces.rows.size });
    } catch (error) {
      failed.push({ name, failure: deskFailureOf(error) });
    }
  }
  return { sheets, opened, failed };
}

/** Files of several folders may have the same name. */
function nameAmong(files: readonly File[], at: number): string {
  const before = files.slice(0, at).filter(({ name }) => name === files[at].name).length;
  return before === 0 ? files[at].name : `${files[at].name} (${before + 1})`;
}

function recordsOf(batch: SpanBatch): number {
  const { attributeCount, nestedAttributeCount, eventCount, linkCount, scopeCount, resourceCount } = batch;
  return attributeCount + nestedAttributeCount + eventCount + linkCount + scopeCount + resourceCount;
}

function tooMany(count: number): TraceFileError {
  return new TraceFileError(
    'TRACE_FILE_TOO_LARGE',
    `trace files: ${count} at once (limit ${MAX_FILES}). Open the others after closing these, or join them.`,
  );
}
