import { isDeepStrictEqual } from 'node:util';
import { SpanBatch, type TraceData } from '@clew/model';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { traceDataToOtlpJson } from './encode-json.ts';
import { encodeOtlpProtobuf } from './encode-protobuf.ts';
import type { OtlpJsonAttribute, OtlpJsonValue } from './json-trace-data.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

const request = otlpMessage('ExportTraceServiceRequest');

function decode(body: Uint8Array, limits: Partial<DecodeLimits> = {}): TraceData {
  const batch = new SpanBatch();
  decodeOtlpProtobuf(batch, body, { ...DEFAULT_DECODE_LIMITS, ...limits });
  return traceDataFromBatch(batch);
}

function errorOf(body: Uint8Array, limits: Partial<DecodeLimits> = {}): DecodeError {
  try {
    decode(body, limits);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error('the body decodes');
}

type Part = number | string | readonly Part[];

/** Bytes from numbers, text, and lists: a list is a length-delimited value with its length before it. */
function bytesOf(...parts: readonly Part[]): number[] {
  return parts.flatMap((part) => {
    if (typeof part === 'number') return [part];
    const content = typeof part === 'string' ? [...new TextEncoder().encode(part)] : bytesOf(...part);
    if (content.length > 16383) throw new Error('a test message is too long');
    const length = content.length < 128 ? [content.length] : [(content.length & 127) | 128, content.length >> 7];
    return [...length, ...content];
  });
}

function body(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(bytesOf(...parts));
}

/** A request with one span of these fields. */
function requestWithSpan(...fields: readonly Part[]): Uint8Array {
  return body(0x0a, [0x12, [0x12, fields]]);
}

function attributesOf(data: TraceData): readonly { key: string; value: unknown }[] {
  return data.resourceSpans[0].scopeSpans[0].spans[0].attributes;
}

/** protobufjs wants bytes and its own names for what OTLP JSON writes as hex, base64 and numbers in strings. */
function forProtobufjs(data: TraceData): object {
  const hex = (text: string | undefined) => (text === undefined || text === '' ? undefined : Buffer.from(text, 'hex'));
  const value = (v: OtlpJsonValue): object => {
    if ('arrayValue' in v) return { arrayValue: { values: v.arrayValue.values.map(value) } };
    if ('kvlistValue' in v) return { kvlistValue: { values: v.kvlistValue.values.map(attribute) } };
    if ('bytesValue' in v) return { bytesValue: Buffer.from(v.bytesValue, 'base64') };
    if ('doubleValue' in v) return { doubleValue: Number(v.doubleValue) };
    return v;
  };
  // A proto3 encoder leaves an empty key out; protobufjs writes whatever is set.
  const attribute = (a: OtlpJsonAttribute) => ({ ...(a.key !== '' && { key: a.key }), value: value(a.value) });
  const owner = <T extends { attributes?: readonly OtlpJsonAttribute[] }>(o: T) => ({
    ...o,
    attributes: o.attributes?.map(attribute),
  });
  const withoutDefaults = (o: object) =>
    Object.fromEntries(
      Object.entries(o).filter(
        ([k, v]) => v !== '' && v !== 0 && v !== undefined && !(k.endsWith('Nano') && v === '0'),
      ),
    );
  return {
    resourceSpans: traceDataToOtlpJson(data).resourceSpans.map((rs) => ({
      ...rs,
      resource: owner(rs.resource),
      scopeSpans: rs.scopeSpans.map((ss) => ({
        ...ss,
        scope: owner(ss.scope),
        spans: ss.spans.map((span) =>
          withoutDefaults({
            ...owner(span),
            traceId: hex(span.traceId),
            spanId: hex(span.spanId),
            parentSpanId: hex(span.parentSpanId),
            events: span.events?.map((event) => withoutDefaults(owner(event))),
            links: span.links?.map((link) =>
              withoutDefaults({ ...owner(link), traceId: hex(link.traceId), spanId: hex(link.spanId) }),
            ),
          }),
        ),
      })),
    })),
  };
}

describe('against protobufjs', () => {
  it('writes the same bytes and reads them back', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const data = generateTraceData({ seed });
      const theirs = request.encode(request.fromObject(forProtobufjs(data))).finish();
      expect(Buffer.from(encodeOtlpProtobuf(data)).equals(theirs), `seed ${seed}`).toBe(true);
      expect(isDeepStrictEqual(decode(theirs), data), `seed ${seed}`).toBe(true);
    }
  });
});

describe('legal but unusual protobuf', () => {
  it('takes a scope after its spans and a resource after its scopes', () => {
    const late = body(0x0a, [
      0x12,
      [0x12, [0x2a, 'late'], 0x0a, [0x0a, 'scope', 0x12, '1.0']],
      0x0a,
      [0x0a, [0x0a, 'k', 0x12, [0x0a, 'v']]],
    ]);
    const { resource, scopeSpans } = decode(late).resourceSpans[0];
    expect(resource.attributes).toEqual([{ key: 'k', value: { type: 'string', value: 'v' } }]);
    expect(scopeSpans[0].scope).toMatchObject({ name: 'scope', version: '1.0' });
    expect(scopeSpans[0].spans[0].name).toBe('late');
  });

  it('takes a value before its key', () => {
    expect(attributesOf(decode(requestWithSpan(0x4a, [0x12, [0x18, 5], 0x0a, 'n'])))).toEqual([
      { key: 'n', value: { type: 'int', value: 5n } },
    ]);
  });

  it('takes a key without a value, a value without a key, and neither', () => {
    const data = decode(
      requestWithSpan(0x4a, [0x0a, 'k'], 0x4a, [0x12, [0x10, 1]], 0x4a, [], 0x4a, [0x0a, 'e', 0x12, []]),
    );
    expect(attributesOf(data)).toEqual([
      { key: 'k', value: { type: 'empty' } },
      { key: '', value: { type: 'bool', value: true } },
      { key: '', value: { type: 'empty' } },
      { key: 'e', value: { type: 'empty' } },
    ]);
  });

  it('merges a resource that comes twice around a scope, and the last count wins', () => {
    const attribute = (key: string): Part[] => [0x0a, [0x0a, key, 0x12, [0x18, 1]]];
    const data = decode(
      body(0x0a, [
        0x0a,
        [...attribute('a'), 0x10, 3],
        0x12,
        [0x12, [0x5a, [0x1a, [0x0a, 'inner', 0x12, [0x18, 1]]]]],
        0x0a,
        [...attribute('b'), 0x10, 4],
        0x0a,
        attribute('c'),
      ]),
    );
    const { resource, scopeSpans } = data.resourceSpans[0];
    expect(resource.attributes.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(resource.droppedAttributesCount).toBe(4);
    expect(scopeSpans[0].spans[0].events[0].attributes[0].key).toBe('inner');
  });

  it('merges a scope that comes twice around a span', () => {
    const data = decode(
      body(0x0a, [
        0x12,
        [
          0x0a,
          [0x0a, 'first', 0x12, '1', 0x1a, [0x0a, 'a', 0x12, [0x18, 1]]],
          0x12,
          [0x6a, [0x22, [0x0a, 'inner', 0x12, [0x18, 1]]]],
          0x0a,
          [0x0a, 'second', 0x1a, [0x0a, 'b', 0x12, [0x18, 1]]],
        ],
      ]),
    );
    const { scope } = data.resourceSpans[0].scopeSpans[0];
    expect(scope).toMatchObject({ name: 'second', version: '1' });
    expect(scope.attributes.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('continues an array that comes twice in one value, and replaces one that another type follows', () => {
    const element = (text: string): Part[] => [0x0a, [0x0a, text]];
    const data = decode(
      requestWithSpan(
        0x4a,
        [0x0a, 'joined', 0x12, [0x2a, element('a')], 0x12, [0x2a, element('b'), 0x2a, [], 0x2a, element('c')]],
        0x4a,
        [0x0a, 'replaced', 0x12, [0x2a, element('a'), 0x18, 1, 0x2a, element('b')]],
      ),
    );
    expect(attributesOf(data)).toEqual([
      { key: 'joined', value: { type: 'array', value: ['a', 'b', 'c'].map((value) => ({ type: 'string', value })) } },
      { key: 'replaced', value: { type: 'array', value: [{ type: 'string', value: 'b' }] } },
    ]);
  });

  it('takes the last of a field that comes twice', () => {
    const span = decode(
      requestWithSpan(0x2a, 'one', 0x30, 2, 0x2a, 'two', 0x30, 3, 0x7a, [0x12, 'm', 0x18, 1], 0x7a, [0x18, 2]),
    ).resourceSpans[0].scopeSpans[0].spans[0];
    expect(span).toMatchObject({ name: 'two', kind: 3, status: { code: 2, message: 'm' } });
  });

  it('skips unknown fields of every wire type, groups within groups among them', () => {
    const unknown: Part[] = [
      ...[0xf8, 0x3f, 0x96, 0x01],
      ...[0xf9, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8],
      ...[0xfa, 0x3f, 'skipped'],
      ...[0xfb, 0x3f, 0x0b, 0x08, 1, 0x0c, 0xfc, 0x3f],
      ...[0xfd, 0x3f, 1, 2, 3, 4],
    ];
    const data = decode(
      body(...unknown, 0x0a, [...unknown, 0x12, [...unknown, 0x12, [...unknown, 0x2a, 'kept', ...unknown]]]),
    );
    expect(data.resourceSpans[0].scopeSpans[0].spans[0].name).toBe('kept');
  });

  it('skips a known field with another wire type', () => {
    // Name (field 5) as a varint, kind (field 6) as text.
    expect(
      decode(requestWithSpan(0x28, 7, 0x32, 'x', 0x2a, 'n')).resourceSpans[0].scopeSpans[0].spans[0],
    ).toMatchObject({
      name: 'n',
      kind: 0,
    });
  });

  it('reads varints longer than they need to be: tags, lengths and values', () => {
    const data = decode(
      requestWithSpan(
        ...[0xaa, 0x80, 0x00, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61, 0x62, 0x63],
        ...[0xb0, 0x00, 0x82, 0x00],
        ...[0xca, 0x00, [0x0a, 'n', 0x12, [0x18, 0x81, 0x80, 0x00]]],
        ...[0x4a, [0x0a, 'm', 0x12, [0x18, 0x05, 0x18, 0x06]]],
      ),
    );
    const [span] = data.resourceSpans[0].scopeSpans[0].spans;
    expect(span).toMatchObject({ name: 'abc', kind: 2 });
    expect(span.attributes.map(({ value }) => value)).toEqual([
      { type: 'int', value: 1n },
      { type: 'int', value: 6n },
    ]);
  });

  it('reads the instrumentation libraries of OTLP before 0.16', () => {
    const data = decode(body(0x0a, [0xc2, 0x3e, [0x0a, [0x0a, 'old', 0x12, '0.9'], 0x12, [0x2a, 'n']]]));
    expect(data.resourceSpans[0].scopeSpans[0]).toMatchObject({ scope: { name: 'old', version: '0.9' } });
    expect(data.resourceSpans[0].scopeSpans[0].spans).toHaveLength(1);
  });

  it('turns an id of the wrong length into none', () => {
    const [span] = decode(
      requestWithSpan(0x0a, 'x'.repeat(15), 0x12, 'y'.repeat(9), 0x22, 'z', 0x6a, [0x0a, 'l', 0x12, []]),
    ).resourceSpans[0].scopeSpans[0].spans;
    expect(span).toMatchObject({ traceId: '', spanId: '', parentSpanId: '', links: [{ traceId: '', spanId: '' }] });
  });

  it('reads an empty request as no spans', () => {
    expect(decode(new Uint8Array())).toEqual({ resourceSpans: [] });
  });
});

describe('malformed protobuf', () => {
  it('names the byte and the limit of a length that is too long', () => {
    const error = errorOf(Uint8Array.from([0x0a, 0x02, 0x12, 0x7f]));
    expect(error.code).toBe('OTLP_MALFORMED_PROTOBUF');
    expect(error.byteOffset).toBe(3);
    expect(error.message).toContain('length 127 at byte 3 runs past the end of its message (limit 4)');
  });

  it.each([
    ['a negative length', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a length of 64 bits', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a varint of eleven bytes', [0x08, ...Array.from({ length: 10 }, () => 0xff), 0x01]],
    ['field number 0', [0x02, 0x00]],
    ['wire type 6', [0x0e]],
    ['an end of a group that never began', [0x0c]],
    ['a group without an end', [0x0b, 0x08, 0x01]],
    ['a group closed by another', [0x0b, 0x14]],
    ['groups nested without bound', Array.from({ length: 1000 }, () => 0x0b)],
    ['a fixed64 cut short', [0x09, 1, 2, 3]],
    ['a varint cut short', [0x08, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(errorOf(Uint8Array.from(bytes)).code).toBe('OTLP_MALFORMED_PROTOBUF');
  });

  it.each([
    ['a string attribute', [0x0a, 'k', 0x12, [0x0a, 5, 0x61]]],
    ['an int attribute', [0x0a, 'k', 0x12, [0x18, 0x80]]],
    ['a double attribute', [0x0a, 'k', 0x12, [0x21, 1, 2]]],
    ['an element of an array', [0x0a, 'k', 0x12, [0x2a, [0x0a, 9, 1]]]],
    ['an entry of a map', [0x0a, 'k', 0x12, [0x32, [0x0a, [0x12, [0x18, 0x80]]]]]],
    ['a key', [0x0a, 9, 0x6b]],
  ] as [string, Part[]][])('refuses %s that runs past its message', (_, attribute) => {
    expect(errorOf(requestWithSpan(0x4a, attribute)).code).toBe('OTLP_MALFORMED_PROTOBUF');
  });

  it('leaves the batch empty and fit for the next request', () => {
    const batch = new SpanBatch();
    const good = encodeOtlpProtobuf(generateTraceData({ seed: 3 }));
    expect(() => decodeOtlpProtobuf(batch, good.subarray(0, good.length - 1), DEFAULT_DECODE_LIMITS)).toThrow(
      DecodeError,
    );
    expect(batch.spanCount + batch.resourceCount + batch.scopeCount + batch.byteCount).toBe(0);
    decodeOtlpProtobuf(batch, good, DEFAULT_DECODE_LIMITS);
    expect(traceDataFromBatch(batch)).toEqual(generateTraceData({ seed: 3 }));
  });
});

describe('limits', () => {
  it('allows exactly as many spans as configured', () => {
    const two = body(0x0a, [0x12, [0x12, [], 0x12, []]]);
    expect(decode(two, { maxSpans: 2 }).resourceSpans[0].scopeSpans[0].spans).toHaveLength(2);
    expect(errorOf(two, { maxSpans: 1 })).toMatchObject({ code: 'OTLP_TOO_MANY_SPANS', byteOffset: 8 });
  });

  it('counts attributes, events, links, scopes and resources together', () => {
    const eight = body(0x0a, [
      0x0a,
      [0x0a, []],
      0x12,
      [0x0a, [0x1a, []], 0x12, [0x4a, [], 0x5a, [], 0x6a, [0x22, []]]],
    ]);
    expect(decode(eight, { maxRecords: 8 }).resourceSpans).toHaveLength(1);
    expect(errorOf(eight, { maxRecords: 7 }).code).toBe('OTLP_TOO_MANY_RECORDS');
  });

  it('allows exactly as many levels of values as configured', () => {
    const nested = (levels: number): Part[] => (levels === 1 ? [0x18, 1] : [0x2a, [0x0a, nested(levels - 1)]]);
    const withLevels = (levels: number) => requestWithSpan(0x4a, [0x0a, 'k', 0x12, nested(levels)]);
    expect(decode(withLevels(32)).resourceSpans).toHaveLength(1);
    expect(errorOf(withLevels(33)).code).toBe('OTLP_VALUE_TOO_DEEP');
    expect(errorOf(withLevels(2), { maxNestingDepth: 1 }).code).toBe('OTLP_VALUE_TOO_DEEP');
  });
});
