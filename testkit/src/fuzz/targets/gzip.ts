import { crc32, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { DecompressError } from '../../../../server/src/decode/decompress-error.ts';
import { gunzipBody } from '../../../../server/src/decode/gunzip-body.ts';
import { generateRealisticTraces } from '../../generate-realistic-traces.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';

const MAX_BYTES = 256 * 1024;
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/** gunzipBody, judged by gunzipSync without any hint of the size. */
export const gzipTarget: FuzzTarget = {
  name: 'gzip',
  style: 'bytes',
  dictionary: [gzipSync(utf8('another member')), Uint8Array.of(0x1f, 0x8b, 8, 0), new Uint8Array(8).fill(0xff)],
  seeds,
  repair: withTrueTrailer,
  check(input) {
    let content: Uint8Array;
    try {
      content = gunzipBody(input, MAX_BYTES);
    } catch (error) {
      if (!(error instanceof DecompressError)) throw error;
      if (error.code === 'BODY_DAMAGED' && tryReference(input) !== undefined && input.length >= 18) {
        throw new FuzzFinding(`called damaged, but it unpacks: ${error.message}`);
      }
      return `${error.code} ${shapeOf(error.message)}`;
    }
    if (content.length > MAX_BYTES) throw new FuzzFinding(`${content.length} bytes (limit ${MAX_BYTES})`);
    const expected = tryReference(input);
    if (expected === undefined || !expected.equals(content)) throw new FuzzFinding('unpacks to something else');
    return `accepted ${magnitude(content.length)}`;
  },
};

function tryReference(input: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(input, { maxOutputLength: MAX_BYTES });
  } catch {
    return undefined;
  }
}

/** The trailer that fits the deflate stream between header and trailer, as far as that can be read. */
function withTrueTrailer(input: Uint8Array): Uint8Array {
  if (input.length < HEADER_BYTES + TRAILER_BYTES) return input;
  const stream = input.subarray(HEADER_BYTES, input.length - TRAILER_BYTES);
  try {
    const content = inflateRawSync(stream, { maxOutputLength: MAX_BYTES });
    const result = Buffer.from(input);
    result.writeUInt32LE(crc32(content), result.length - TRAILER_BYTES);
    result.writeUInt32LE(content.length, result.length - 4);
    return Uint8Array.from(result);
  } catch {
    return input;
  }
}

function seeds(): CorpusInput[] {
  const body = encodeOtlpProtobuf(generateRealisticTraces({ seed: 1, traces: 1, maxSpansPerTrace: 2, resources: 1 }));
  const bomb = gzipSync(Buffer.alloc(2 * MAX_BYTES));
  const lying = Buffer.from(gzipSync(utf8('short')));
  lying.writeUInt32LE(0xffffffff, lying.length - 4);
  return [
    { name: 'empty', bytes: gzipSync(new Uint8Array(0)) },
    { name: 'request', bytes: gzipSync(body) },
    { name: 'two-members', bytes: Buffer.concat([gzipSync(utf8('one')), gzipSync(utf8('two'))]) },
    { name: 'stored', bytes: gzipSync(utf8('stored'), { level: 0 }) },
    { name: 'bomb', bytes: bomb },
    { name: 'lying-size', bytes: lying },
    { name: 'no-header', bytes: deflateRawSync(body) },
    { name: 'garbage-behind', bytes: Buffer.concat([gzipSync(utf8('one')), Buffer.from('garbage')]) },
  ];
}
