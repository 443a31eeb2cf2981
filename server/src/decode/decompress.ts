import { gunzipBody } from './gunzip-body.ts';
import { loadUnzstd } from './unzstd-body.ts';

export type BodyCompression = 'identity' | 'gzip' | 'zstd';

/** @throws DecompressError when the result would pass `maxBytes` or the body is damaged. */
export type Decompress = (body: Uint8Array, compression: BodyCompression, maxBytes: number) => Uint8Array;

export async function loadDecompress(): Promise<Decompress> {
  const unzstd = await loadUnzstd();
  return (body, compression, maxBytes) => {
    switch (compression) {
      case 'identity':
        return body;
      case 'gzip':
        return gunzipBody(body, maxBytes);
      case 'zstd':
        return unzstd(body, maxBytes);
    }
  };
}
