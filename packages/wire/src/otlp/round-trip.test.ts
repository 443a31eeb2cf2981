import { isDeepStrictEqual } from 'node:util';
import { SpanBatch, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { describe, expect, it } from 'vitest';
import { decodeAnyValue } from './decode-any-value.ts';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS } from './decode-limits.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { traceDataToOtlpJson, writeOtlpJson } from './encode-json.ts';
import { encodeAnyValue, encodeOtlpProtobuf } from './encode-protobuf.ts';
import { parseOtlpJson } from './parse-json.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

const SEEDS = Array.from({ length: 300 }, (_, i) => 1000 + i);
const batch = new SpanBatch();

/** `toEqual` is a hundred times slower on equal values; it is asked only to show a difference. */
function expectSame(actual: unknown, expected: unknown, seed: number): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual, `seed ${seed}`).toEqual(expected);
  expect.fail(`seed ${seed}: strictly different`);
}

function throughProtobuf(data: TraceData): TraceData {
  decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  return traceDataFromBatch(batch);
}

function throughJson(data: TraceData): TraceData {
  decodeOtlpJson(batch, writeOtlpJson(data), DEFAULT_DECODE_LIMITS);
  return traceDataFromBatch(batch);
}

describe('traces of every shape', () => {
  it('come back from protobuf as they were', () => {
    for (const seed of SEEDS) {
      const data = generateTraceData({ seed });
      expectSame(throughProtobuf(data), data, seed);
    }
  });

  it('come back from JSON as they were', () => {
    for (const seed of SEEDS) {
      const data = generateTraceData({ seed });
      expectSame(throughJson(data), data, seed);
    }
  });

  it('may hold a key twice in either form', () => {
    for (const seed of SEEDS.slice(0, 50)) {
      const data = generateTraceData({ seed, duplicateKeys: true });
      expectSame(throughProtobuf(data), data, seed);
      expectSame(throughJson(data), data, seed);
    }
  });

  it('are the same text whether written as bytes or by way of objects', () => {
    for (const seed of SEEDS.slice(0, 100)) {
      const data = generateTraceData({ seed });
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(writeOtlpJson(data));
      expectSame(JSON.parse(text), traceDataToOtlpJson(data), seed);
      expectSame(parseOtlpJson(text), data, seed);
    }
  });

  it('keep each attribute value in the form the store keeps', () => {
    for (const seed of SEEDS.slice(0, 100)) {
      for (const { resource } of generateTraceData({ seed }).resourceSpans) {
        for (const { value } of resource.attributes) {
          expectSame(decodeAnyValue(encodeAnyValue(value)), value, seed);
        }
      }
    }
  });
});

describe('realistic traces', () => {
  it('come back from both forms as they were', () => {
    const data = generateRealisticTraces({ seed: 7, traces: 200 });
    expectSame(throughProtobuf(data), data, 7);
    expectSame(throughJson(data), data, 7);
  });
});
