import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { FuzzFinding, type FuzzTarget } from '../fuzz-target.ts';
import { referenceTraceData } from '../otlp-protobuf-reference.ts';
import { checkSame, ReusedBatch } from './check-batch.ts';
import { otlpProtobufSeeds } from './otlp-seeds.ts';

/**
 * Where Clew accepts what protobufjs refuses: text is not checked to be UTF-8, and of a field tag with more than 32
 * bits only those are looked at.
 */
const LENIENT = /valid for encoding utf-8|invalid tag encoding/;
/** Where Clew refuses what protobufjs accepts: its own limits, and varints whose tenth byte has more than one bit. */
const STRICT = /nested more than|more than 64 bits|more than \d+ (spans|attributes)/;
/** The field before OTLP 0.16 that protobufjs is not told of: 1000, length-delimited. */
const OLD_FIELD = [0xc2, 0x3e] as const;

/** decodeOtlpProtobuf, judged by protobufjs. */
export function otlpProtobufTarget(): FuzzTarget {
  const reused = new ReusedBatch(decodeOtlpProtobuf, encodeOtlpProtobuf);
  return {
    name: 'otlp-protobuf',
    style: 'protobuf',
    seeds: otlpProtobufSeeds,
    check(input) {
      const result = reused.attempt(input);
      let expected: ReturnType<typeof referenceTraceData>;
      try {
        expected = referenceTraceData(input);
      } catch (error) {
        const { message } = error as Error;
        if ('data' in result && !LENIENT.test(message)) throw new FuzzFinding(`accepted, but protobufjs: ${message}`);
        return result.verdict;
      }
      if ('data' in result) {
        if (!hasOldField(input)) checkSame(result.data, expected, 'protobufjs');
      } else if (!STRICT.test(result.error.message) && !hasOldField(input)) {
        throw new FuzzFinding(`refused, but protobufjs accepts: ${result.error.message}`);
      }
      return result.verdict;
    },
  };
}

function hasOldField(input: Uint8Array): boolean {
  for (let i = 0; i + 1 < input.length; i++)
    if (input[i] === OLD_FIELD[0] && input[i + 1] === OLD_FIELD[1]) return true;
  return false;
}
