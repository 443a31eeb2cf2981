import { DecompressError } from '../../../../server/src/decode/decompress-error.ts';
import { loadUnzstd, loadWasmUnzstd } from '../../../../server/src/decode/unzstd-body.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';

const MAX_BYTES = 256 * 1024;
/** Made by zstd 1.5: 60 short lines without a content size; and "hello hello hello hello" with size and checksum. */
const STREAMED =
  'KLUv/QRYzQYAEk0gGJAnaQMAELfwo7Jf7A6YrOxNO6XLrP9zDAS3FdMsNDR/aaRsVTL+xET+OFXf9ZCXOxWdasbcK4VI09cjY5vWeRIX0X42dX5N' +
  'Uq5kPs3MXaoUrYSM5t45sRzLKnuLPTT870NFrlfNxuONQ4EoCAJAFAwUwxBAcGBgKIZAwZBxKBBFdaghkNr978Cjcg4QjBIvPRGlCMMbOQgKyFbD' +
  'Uopg+wC05uPQYOYQbigpRnQXkYGAKHwxFHC9O2g0ESgTcZBznPCBaDzBVoxQxYgT9rKJLzsQFz+tCt2W7As=';
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;

/** Both zstd decoders: that of this Node, where it has one, and the WebAssembly one, which must agree. */
export async function zstdTarget(): Promise<FuzzTarget> {
  const [builtIn, wasm] = await Promise.all([loadUnzstd(), loadWasmUnzstd()]);
  const good = Buffer.from(STREAMED, 'base64');
  const goodContent = Buffer.from(wasm(good, MAX_BYTES));
  const attempt = (unzstd: typeof wasm, input: Uint8Array) => {
    try {
      const content = unzstd(input, MAX_BYTES);
      if (content.length > MAX_BYTES) throw new FuzzFinding(`${content.length} bytes (limit ${MAX_BYTES})`);
      return { content, verdict: `accepted ${magnitude(content.length)}` };
    } catch (error) {
      if (!(error instanceof DecompressError)) throw error;
      return { content: undefined, verdict: `${error.code} ${shapeOf(error.message)}` };
    }
  };
  return {
    name: 'zstd',
    style: 'bytes',
    dictionary: [Uint8Array.from(MAGIC), Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9), frame([rawBlock('!')])],
    seeds,
    check(input) {
      const ours = attempt(wasm, input);
      const theirs = attempt(builtIn, input);
      if (
        ours.content !== undefined &&
        theirs.content !== undefined &&
        !Buffer.from(ours.content).equals(theirs.content)
      ) {
        throw new FuzzFinding('the two decoders unpack different things');
      }
      if ((ours.content === undefined) !== (theirs.content === undefined)) {
        throw new FuzzFinding(`WebAssembly: ${ours.verdict}, Node: ${theirs.verdict}`);
      }
      if (!goodContent.equals(wasm(good, MAX_BYTES))) throw new FuzzFinding('a good body no longer unpacks');
      return ours.verdict;
    },
  };
}

/** A frame of a megabyte window out of blocks; the last one gets its mark. */
function frame(blocks: readonly Uint8Array[], head: readonly number[] = [0x00, 10 << 3]): Uint8Array {
  const marked = blocks.map((block, i) => {
    const copy = Uint8Array.from(block);
    if (i === blocks.length - 1) copy[0] |= 1;
    return copy;
  });
  return Uint8Array.from([...MAGIC, ...head, ...marked.flatMap((block) => [...block])]);
}

function rawBlock(text: string): Uint8Array {
  return Uint8Array.from([...blockHeader(0, text.length), ...utf8(text)]);
}

function runBlock(byte: number, count: number): Uint8Array {
  return Uint8Array.from([...blockHeader(1, count), byte]);
}

function blockHeader(type: number, size: number): number[] {
  const header = (size << 3) | (type << 1);
  return [header & 255, (header >> 8) & 255, header >> 16];
}

function seeds(): CorpusInput[] {
  return [
    { name: 'streamed', bytes: Buffer.from(STREAMED, 'base64') },
    { name: 'raw-and-run', bytes: frame([rawBlock('ab'), runBlock(99, 5)]) },
    { name: 'two-frames', bytes: Buffer.concat([frame([rawBlock('ab')]), frame([runBlock(1, 3)])]) },
    { name: 'empty-frame', bytes: frame([rawBlock('')]) },
    { name: 'single-segment', bytes: frame([rawBlock('abc')], [0x20, 3]) },
    { name: 'lying-size', bytes: frame([rawBlock('abc')], [0x20, 0]) },
    { name: 'bomb', bytes: frame(Array.from({ length: 64 }, () => runBlock(65, 128 * 1024))) },
    { name: 'skippable', bytes: Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2) },
  ];
}
