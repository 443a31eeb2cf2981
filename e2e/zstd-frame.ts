/** zstd frames by hand, which Node 20 cannot make (RFC 8878, 3.1.1). */

const MAX_BLOCK_BYTES = 128 * 1024;
/** Magic; no checksum, no content size; a window of 8 MiB. */
const FRAME_HEADER = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68];
const RAW = 0;
const RLE = 1;

function blockHeader(size: number, type: number, isLast: boolean): readonly number[] {
  const header = (size << 3) | (type << 1) | (isLast ? 1 : 0);
  return [header & 255, (header >> 8) & 255, header >> 16];
}

/** A valid frame that holds `content` as it is. */
export function rawZstdFrame(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.from(FRAME_HEADER)];
  for (let at = 0; at === 0 || at < content.length; at += MAX_BLOCK_BYTES) {
    const block = content.subarray(at, at + MAX_BLOCK_BYTES);
    parts.push(Uint8Array.from(blockHeader(block.length, RAW, at + MAX_BLOCK_BYTES >= content.length)), block);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** A bomb: 4 bytes for each 128 KiB of zeros. */
export function zstdBomb(blocks: number): Uint8Array<ArrayBuffer> {
  const bytes = [...FRAME_HEADER];
  for (let i = 0; i < blocks; i++) bytes.push(...blockHeader(MAX_BLOCK_BYTES, RLE, i === blocks - 1), 0);
  return Uint8Array.from(bytes);
}
