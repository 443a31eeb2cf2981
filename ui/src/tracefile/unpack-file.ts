import { TraceFileError } from '@clew/wire/file/trace-file-error';
import { MAX_FILE_BYTES } from './file-limits.ts';

const MIB = 1024 * 1024;

/**
 * The bytes of a file; one that gzip packed is unpacked.
 * @param room bytes that there may be, packed and unpacked
 * @throws TraceFileError when they are too many
 */
export async function unpackFile(file: Blob, room: number = MAX_FILE_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > room) throw tooLarge(file.size, room);
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (head[0] !== 0x1f || head[1] !== 0x8b) return new Uint8Array(await file.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > room) throw tooLarge(size, room);
      pieces.push(value);
    }
  } catch (error) {
    if (error instanceof TraceFileError) throw error;
    throw new TraceFileError(
      'TRACE_FILE_INVALID_VALUE',
      `trace file: gzip breaks off after ${size} unpacked bytes. Copy the file again.`,
      `byte ${size} of the content`,
    );
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tooLarge(size: number, room: number): TraceFileError {
  const left = room === MAX_FILE_BYTES ? '' : `, ${Math.floor(room / MIB)} MiB left by the files before it`;
  return new TraceFileError(
    'TRACE_FILE_TOO_LARGE',
    `trace file: ${Math.ceil(size / MIB)} MiB or more (limit ${MAX_FILE_BYTES / MIB} MiB${left}). Send it to Clew with OTLP instead, or split it.`,
  );
}
