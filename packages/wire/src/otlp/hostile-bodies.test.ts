import { SpanBatch, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS } from './decode-limits.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { writeOtlpJson } from './encode-json.ts';
import { encodeOtlpProtobuf } from './encode-protobuf.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

const SEED = 20251009;
/** Two bytes can become a record of 32 words, and a table doubles when it grows. */
const HELD_BYTES_PER_BODY_BYTE = 160;

const formats = [
  { name: 'protobuf', encode: encodeOtlpProtobuf, decode: decodeOtlpProtobuf },
  { name: 'JSON', encode: writeOtlpJson, decode: decodeOtlpJson },
];

const samples: TraceData[] = [
  generateRealisticTraces({ seed: 1, traces: 2, maxSpansPerTrace: 3, resources: 2 }),
  ...[11, 12, 13].map((seed) => generateTraceData({ seed, maxResources: 2, maxSpansPerScope: 1, maxValueDepth: 2 })),
];

/** What the batch holds is in bounds of the tables and of the arena, or it would not read back. */
function checkBatch(batch: SpanBatch, bodyLength: number): void {
  const records =
    batch.spanCount + batch.attributeCount + batch.nestedAttributeCount + batch.eventCount + batch.linkCount;
  // Every record took at least two bytes; a repeated resource or scope is decoded twice.
  if (records > bodyLength) expect.fail(`${records} records from ${bodyLength} bytes`);
  if (batch.byteCount > 3 * bodyLength + 16) expect.fail(`an arena of ${batch.byteCount} bytes from ${bodyLength}`);
  traceDataFromBatch(batch);
}

describe.each(formats)('hostile $name', ({ encode, decode }) => {
  const bodies = samples.map(encode);

  function attempt(batch: SpanBatch, body: Uint8Array): boolean {
    try {
      decode(batch, body, DEFAULT_DECODE_LIMITS);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (error.byteOffset > body.length) expect.fail(`byte ${error.byteOffset} is not in the body: ${error.message}`);
      return false;
    }
    checkBatch(batch, body.length);
    return true;
  }

  it('cut off at every byte is refused or is a shorter request', () => {
    const batch = new SpanBatch();
    const [body] = bodies;
    let refused = 0;
    for (let length = 0; length < body.length; length++) if (!attempt(batch, body.subarray(0, length))) refused++;
    expect(refused).toBeGreaterThan(body.length * 0.9);
  });

  it(`with bytes changed is refused or is another request, and then a good one decodes (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const batch = new SpanBatch();
    const before = batch.heldBytes;
    let refused = 0;
    for (let i = 0; i < 1500; i++) {
      const body = Uint8Array.from(random.pick(bodies));
      for (let flips = random.between(1, 6); flips > 0; flips--) {
        body[random.below(body.length)] = random.chance(0.5) ? random.below(256) : random.pick([0, 0x7f, 0x80, 0xff]);
      }
      if (!attempt(batch, body)) refused++;
    }
    expect(refused).toBeGreaterThan(100);
    const longest = Math.max(...bodies.map((body) => body.length));
    expect(batch.heldBytes).toBeLessThanOrEqual(before + HELD_BYTES_PER_BODY_BYTE * longest);
    samples.forEach((data, i) => {
      decode(batch, bodies[i], DEFAULT_DECODE_LIMITS);
      expect(traceDataFromBatch(batch)).toEqual(data);
    });
  });

  it(`with parts moved, doubled and dropped is refused or is another request (seed ${SEED})`, () => {
    const random = new Random(SEED + 1);
    const batch = new SpanBatch();
    for (let i = 0; i < 600; i++) {
      const body = random.pick(bodies);
      const [a, b, c] = [random.below(body.length), random.below(body.length), random.below(body.length)].sort(
        (x, y) => x - y,
      );
      const parts = [
        body.subarray(0, a),
        body.subarray(b, c),
        body.subarray(a, b),
        body.subarray(random.pick([a, b, c])),
      ];
      attempt(batch, Uint8Array.from(parts.flatMap((part) => [...part])));
    }
  });

  it(`of random bytes is refused or is empty (seed ${SEED})`, () => {
    const random = new Random(SEED + 2);
    const batch = new SpanBatch();
    for (let i = 0; i < 3000; i++) attempt(batch, random.bytes(random.below(80)));
  });
});

describe('amplification', () => {
  /** A length-delimited field with a length of up to 2³¹ − 1. */
  function field(tag: number, content: Uint8Array): Uint8Array {
    const header = [tag];
    let rest = content.length;
    for (; rest > 127; rest >>>= 7) header.push((rest & 127) | 128);
    header.push(rest);
    const bytes = new Uint8Array(header.length + content.length);
    bytes.set(header);
    bytes.set(content, header.length);
    return bytes;
  }

  const repeated = (unit: readonly number[], count: number) =>
    Uint8Array.from({ length: unit.length * count }, (_, i) => unit[i % unit.length]);

  const inSpan = (content: Uint8Array) => field(0x0a, field(0x12, field(0x12, content)));

  it.each([
    ['spans', field(0x0a, field(0x12, repeated([0x12, 0], 20_000)))],
    ['scopes', field(0x0a, repeated([0x12, 0], 20_000))],
    ['resources', repeated([0x0a, 0], 20_000)],
    ['attributes', inSpan(repeated([0x4a, 0], 20_000))],
    ['events', inSpan(repeated([0x5a, 0], 20_000))],
    ['links', inSpan(repeated([0x6a, 0], 20_000))],
    ['attributes of a resource in many parts', field(0x0a, repeated([0x0a, 2, 0x0a, 0, 0x12, 2, 0x0a, 0], 6_000))],
    ['attributes of a scope in many parts', field(0x0a, field(0x12, repeated([0x0a, 2, 0x1a, 0, 0x12, 0], 8_000)))],
    ['parts of one array', inSpan(field(0x4a, field(0x12, repeated([0x2a, 2, 0x0a, 0], 12_000))))],
  ])('of empty %s is bounded by the body', (_, body) => {
    const batch = new SpanBatch();
    const before = batch.heldBytes;
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    expect(batch.heldBytes).toBeLessThanOrEqual(before + HELD_BYTES_PER_BODY_BYTE * body.length);
    checkBatch(batch, 2 * body.length);
  });

  it('of empty spans stops at the limit', () => {
    const batch = new SpanBatch();
    const body = field(0x0a, field(0x12, repeated([0x12, 0], 5000)));
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 1000 };
    expect(() => decodeOtlpProtobuf(batch, body, limits)).toThrow('more than 1000 spans');
    expect(batch.spans.length).toBeLessThanOrEqual(1024 * 32);
  });

  it('of empty attributes in one span stops at the limit while they are read', () => {
    const batch = new SpanBatch();
    const limits = { ...DEFAULT_DECODE_LIMITS, maxRecords: 10_000 };
    expect(() => decodeOtlpProtobuf(batch, inSpan(repeated([0x4a, 0], 1_000_000)), limits)).toThrow(DecodeError);
    expect(batch.attributes.length).toBeLessThanOrEqual(16_384 * 4);
  });
});
