import type { TraceData } from '@clew/model';
import { decodeOtlpJson } from '@clew/wire/otlp/decode-json';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { FuzzFinding, type FuzzTarget, utf8 } from '../fuzz-target.ts';
import { type JsonNode, tryParseJson } from '../json-tree.ts';
import { NotOtlpJson, referenceTraceDataOfJson } from '../otlp-json-reference.ts';
import { checkSame, ReusedBatch } from './check-batch.ts';
import { otlpJsonSeeds } from './otlp-seeds.ts';

/** Where Clew refuses what the reference accepts: its own limits. */
const STRICT_CODES = new Set(['OTLP_VALUE_TOO_DEEP', 'OTLP_TOO_MANY_SPANS', 'OTLP_TOO_MANY_RECORDS']);
const LENIENT_UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** decodeOtlpJson, judged by JSON.parse for what is JSON and by the reference for what it means. */
export function otlpJsonTarget(): FuzzTarget {
  const reused = new ReusedBatch(decodeOtlpJson, writeOtlpJson);
  return {
    name: 'otlp-json',
    style: 'json',
    seeds: otlpJsonSeeds,
    dictionary: ['null', '""', '{}', '[]', '\\u0000', '\\ud83d\\ude00', '\\', '1e5', '-', ',', ':'].map(utf8),
    check(input) {
      const result = reused.attempt(input);
      const tree = treeOf(input);
      const expected = tree === undefined ? undefined : tryReference(tree);
      if ('data' in result) {
        if (tree === undefined) throw new FuzzFinding('accepted, but it is not JSON');
        if (expected === undefined) throw new FuzzFinding('accepted, but it is not OTLP JSON');
        checkSame(result.data, expected, 'reference');
      } else if (expected !== undefined && !STRICT_CODES.has(result.error.code)) {
        throw new FuzzFinding(`refused, but it is OTLP JSON: ${result.error.message}`);
      }
      return result.verdict;
    },
  };
}

function treeOf(input: Uint8Array): JsonNode | undefined {
  // A byte order mark is to be ignored once, at the start.
  const hasMark = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;
  const text = LENIENT_UTF8.decode(hasMark ? input.subarray(3) : input);
  const tree = tryParseJson(text);
  try {
    JSON.parse(text);
  } catch {
    if (tree !== undefined) throw new FuzzFinding('the tree accepts what JSON.parse refuses');
    return undefined;
  }
  return tree;
}

function tryReference(tree: JsonNode): TraceData | undefined {
  try {
    return referenceTraceDataOfJson(tree);
  } catch (error) {
    if (error instanceof NotOtlpJson) return undefined;
    throw error;
  }
}
