import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Compression } from './load-messages.ts';

const gzip = promisify(zlib.gzip);
const ZSTD_LEVEL = 3;
const MAX_COMPRESSED_BYTES = 64 * 2 ** 20;

/**
 * Default levels of both (gzip 6, zstd 3). zstd is in Node from 22.15; before, the program `zstd` does it, which takes
 * milliseconds a body: bodies are compressed before the clock starts.
 */
export async function compressBody(body: Uint8Array, compression: Compression): Promise<Uint8Array> {
  switch (compression) {
    case 'none':
      return body;
    case 'gzip':
      return gzip(body);
    case 'zstd':
      return zstd(body);
  }
}

function zstd(body: Uint8Array): Promise<Uint8Array> | Uint8Array {
  const builtIn: unknown = Reflect.get(zlib, 'zstdCompressSync');
  if (typeof builtIn === 'function') return (builtIn as (body: Uint8Array) => Uint8Array)(body);
  return new Promise((resolve, reject) => {
    // With the size beforehand, so that the frame names it, as libraries that compress whole messages do.
    const flags = ['-q', `-${ZSTD_LEVEL}`, `--stream-size=${body.byteLength}`, '-c'];
    const child = execFile(
      'zstd',
      flags,
      { encoding: 'buffer', maxBuffer: MAX_COMPRESSED_BYTES },
      (error, compressed) => {
        if (error === null) resolve(compressed);
        else reject(new Error(`zstd: ${error.message}. Use Node 22.15 or newer, or install the program zstd.`));
      },
    );
    child.stdin?.end(body);
  });
}
