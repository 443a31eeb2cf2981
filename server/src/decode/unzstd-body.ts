import * as zlib from 'node:zlib';
import { ZSTDDecoder } from 'zstddec';
import { damaged, decompressedTooLarge } from './decompress-error.ts';
import { zstdContentBound } from './zstd-frames.ts';

/** @throws DecompressError when the result would pass `maxBytes` or the body is damaged. */
export type Unzstd = (body: Uint8Array, maxBytes: number) => Uint8Array;

/** Largest window a sender may ask us to keep, as a power of two: 64 MiB, the largest body. */
const MAX_WINDOW_LOG = 26;

type ZstdDecompressSync = (
  body: Uint8Array,
  options: { readonly maxOutputLength: number; readonly params?: Readonly<Record<number, number>> },
) => Uint8Array;

/** zstd of Node from 22.15, WebAssembly before. */
export async function loadUnzstd(): Promise<Unzstd> {
  const builtIn: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  return typeof builtIn === 'function' ? nodeUnzstd(builtIn as ZstdDecompressSync) : loadWasmUnzstd();
}

function nodeUnzstd(zstdDecompressSync: ZstdDecompressSync): Unzstd {
  const windowLogMax: unknown = Reflect.get(zlib.constants, 'ZSTD_d_windowLogMax');
  const params = typeof windowLogMax === 'number' ? { [windowLogMax]: MAX_WINDOW_LOG } : {};
  return (body, maxBytes) => {
    // Refused frames cost nothing but a look at their headers; zlib would accept a truncated one.
    zstdContentBound(body);
    try {
      return zstdDecompressSync(body, { maxOutputLength: maxBytes, params });
    } catch (error) {
      if (error instanceof RangeError) throw decompressedTooLarge('zstd', maxBytes);
      throw damaged('zstd', error instanceof Error ? error.message : String(error));
    }
  };
}

/** The WebAssembly decoder, whatever Node offers. */
export async function loadWasmUnzstd(): Promise<Unzstd> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (body, maxBytes) => {
    const bound = zstdContentBound(body);
    if (bound === 0) return new Uint8Array(0);
    // One call into a buffer of a size known before: no window to allocate, and nothing is written past the limit.
    const capacity = Math.min(bound, maxBytes);
    const content = decoder.decode(body, capacity);
    if (content.length > 0 && content.length <= capacity) return content;
    // The decoder answers every failure with nothing. A bound above the limit makes the limit the likely reason.
    if (bound > maxBytes) throw decompressedTooLarge('zstd', maxBytes);
    throw damaged('zstd', 'it cannot be decompressed');
  };
}
