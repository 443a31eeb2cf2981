import { gunzipSync } from 'node:zlib';
import { damaged, decompressedTooLarge } from './decompress-error.ts';

/** Header and trailer of a gzip member (RFC 1952). */
const SMALLEST_GZIP_BYTES = 18;
/** A deflate stream cannot unfold further than this. */
const MAX_DEFLATE_RATIO = 1032;
const MIN_CHUNK_BYTES = 64 * 2 ** 10;
/** Room that lets zlib see the end of the stream without a second buffer. */
const END_ROOM_BYTES = 64;

/**
 * Unpacks a gzip body of one or more members in one go.
 * Measured: 3 to 4 times cheaper than the stream when the output buffer has the right size, which the trailer
 * (ISIZE) tells; it is the sender's word, so it only sizes a first buffer, within what can be true.
 * @throws DecompressError when the result would pass `maxBytes` or the body is damaged.
 */
export function gunzipBody(body: Uint8Array, maxBytes: number): Uint8Array {
  if (body.length < SMALLEST_GZIP_BYTES) throw damaged('gzip', `${body.length} bytes are too few`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const promised = view.getUint32(body.length - 4, true);
  const possible = Math.min(maxBytes, body.length * MAX_DEFLATE_RATIO);
  const chunkSize = Math.max(MIN_CHUNK_BYTES, Math.min(promised, possible) + END_ROOM_BYTES);
  try {
    return gunzipSync(body, { chunkSize, maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw decompressedTooLarge('gzip', maxBytes);
    throw damaged('gzip', error instanceof Error ? error.message : String(error));
  }
}
