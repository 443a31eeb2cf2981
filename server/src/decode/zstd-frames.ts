import { damaged } from './decompress-error.ts';

const ZSTD_MAGIC = 0xfd2fb528;
/** 0x184D2A50 to 0x184D2A5F. */
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Block_Maximum_Size (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK_BYTES = 128 * 2 ** 10;
const FRAME_CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

/**
 * An upper bound of what a zstd body unfolds to, from its frame and block headers (RFC 8878, 3.1.1) and without
 * decompressing anything: the declared content sizes, else 128 KiB for every compressed block.
 * @throws DecompressError when the frames are not well formed.
 */
export function zstdContentBound(body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let offset = 0;
  let total = 0;
  while (offset < body.length) {
    const magic = word(view, offset);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      offset += 8 + word(view, offset + 4);
      if (offset > body.length) throw truncated();
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw damaged('zstd', `no zstd frame at byte ${offset}`);
    const frame = readFrame(view, offset + 4);
    total += frame.contentBytes;
    offset = frame.end;
  }
  return total;
}

function readFrame(view: DataView, start: number): { readonly contentBytes: number; readonly end: number } {
  const descriptor = byte(view, start);
  const singleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : (FRAME_CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
  const sizeAt = start + 1 + (singleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0);
  const declared = sizeBytes === 0 ? undefined : contentSize(view, sizeAt, sizeBytes);
  let offset = sizeAt + sizeBytes;
  let bound = 0;
  for (;;) {
    const header = byte(view, offset) | (byte(view, offset + 1) << 8) | (byte(view, offset + 2) << 16);
    const size = header >> 3;
    const type = (header >> 1) & 3;
    if (type === 3) throw damaged('zstd', `a block of reserved type at byte ${offset}`);
    offset += 3 + (type === 1 ? 1 : size);
    bound += type === 2 ? MAX_BLOCK_BYTES : size;
    if ((header & 1) === 1) break;
  }
  if (hasChecksum) offset += 4;
  if (offset > view.byteLength) throw truncated();
  return { contentBytes: declared ?? bound, end: offset };
}

function contentSize(view: DataView, offset: number, sizeBytes: number): number {
  if (offset + sizeBytes > view.byteLength) throw truncated();
  if (sizeBytes === 1) return view.getUint8(offset);
  if (sizeBytes === 2) return view.getUint16(offset, true) + 256;
  if (sizeBytes === 4) return view.getUint32(offset, true);
  // Beyond 2^53 the exact value no longer matters: every limit is far below.
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
}

function byte(view: DataView, offset: number): number {
  if (offset >= view.byteLength) throw truncated();
  return view.getUint8(offset);
}

function word(view: DataView, offset: number): number {
  if (offset + 4 > view.byteLength) throw truncated();
  return view.getUint32(offset, true);
}

function truncated(): Error {
  return damaged('zstd', 'it ends in the middle of a frame');
}
