import { SpanBatch, type TraceData } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits.ts';
import { traceDataToOtlpJson } from './encode-json.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

function decode(text: string, limits: Partial<DecodeLimits> = {}): TraceData {
  const batch = new SpanBatch();
  decodeOtlpJson(batch, new TextEncoder().encode(text), { ...DEFAULT_DECODE_LIMITS, ...limits });
  return traceDataFromBatch(batch);
}

function errorOf(text: string, limits: Partial<DecodeLimits> = {}): DecodeError {
  try {
    decode(text, limits);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error('the text decodes');
}

const requestWithSpan = (members: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${members}}]}]}]}`;
const spanOf = (members: string) => decode(requestWithSpan(members)).resourceSpans[0].scopeSpans[0].spans[0];
const attributeValue = (value: string) => spanOf(`"attributes":[{"key":"k","value":${value}}]`).attributes[0].value;

/** In the manner of opentelemetry-proto's examples/trace.json: every part once. */
const EXAMPLE = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
      scopeSpans: [
        {
          scope: {
            name: 'my.library',
            version: '1.0.0',
            attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
          },
          spans: [
            {
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'EEE19B7EC3C1B174',
              parentSpanId: 'EEE19B7EC3C1B173',
              name: "I'm a server span",
              startTimeUnixNano: '1544712660000000000',
              endTimeUnixNano: '1544712661000000000',
              kind: 2,
              attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
              status: { code: 1 },
            },
          ],
        },
      ],
    },
  ],
};

describe('the JSON of the specification', () => {
  it('reads its example and writes it again with ids in lower case', () => {
    const [resourceSpans] = EXAMPLE.resourceSpans;
    const [span] = resourceSpans.scopeSpans[0].spans;
    const expected = structuredClone(EXAMPLE);
    Object.assign(expected.resourceSpans[0].scopeSpans[0].spans[0], {
      traceId: span.traceId.toLowerCase(),
      spanId: span.spanId.toLowerCase(),
      parentSpanId: span.parentSpanId.toLowerCase(),
    });
    expect(traceDataToOtlpJson(decode(JSON.stringify(EXAMPLE, null, 2)))).toEqual(expected);
  });

  it('reads an empty request as no spans', () => {
    expect(decode(' {} \n')).toEqual({ resourceSpans: [] });
    expect(decode('\ufeff{"resourceSpans":[]}')).toEqual({ resourceSpans: [] });
  });

  it('ignores unknown members of every kind', () => {
    const unknown = String.raw`"x":{"a":[1,-2.5e3,true,false,null,"q\"\u0041",{}],"b":[]},"":0`;
    const text = `{${unknown},"resourceSpans":[{${unknown},"scopeSpans":[{${unknown},"spans":[{${unknown},"name":"kept"}]}]}]}`;
    expect(decode(text).resourceSpans[0].scopeSpans[0].spans[0].name).toBe('kept');
  });
});

describe('64-bit numbers', () => {
  it.each([
    ['"9223372036854775807"', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9007199254740993', 9007199254740993n],
    ['"-9007199254740993"', -9007199254740993n],
    ['-1', -1n],
    ['-4294967296', -4294967296n],
    ['"-4294967297"', -4294967297n],
    ['9999999999', 9999999999n],
    ['10000000000', 10000000000n],
    ['-0', 0n],
    ['"007"', 7n],
    ['1e3', 1000n],
    ['1.50e1', 15n],
    ['"9.223372036854775807E18"', 9223372036854775807n],
    ['null', undefined],
  ])('reads %s exactly', (text, expected) => {
    const value = attributeValue(`{"intValue":${text}}`);
    expect(value).toEqual(expected === undefined ? { type: 'empty' } : { type: 'int', value: expected });
  });

  it('reads times up to the last nanosecond of 64 bits', () => {
    const span = spanOf('"startTimeUnixNano":18446744073709551615,"endTimeUnixNano":"1760000000123456789"');
    expect(span.startTimeUnixNano).toBe(18446744073709551615n);
    expect(span.endTimeUnixNano).toBe(1760000000123456789n);
  });

  it.each([
    '9223372036854775808',
    '"-9223372036854775809"',
    '99999999999999999999',
    '123456789012345678901234567890',
    '1.5',
    '1e30',
    '1e99999',
    '""',
    '"12x"',
    '" 1"',
    '-',
    '01',
    'true',
    '{}',
  ])('refuses %s as an int', (text) => {
    expect(errorOf(requestWithSpan(`"attributes":[{"key":"k","value":{"intValue":${text}}}]`)).code).toBe(
      'OTLP_MALFORMED_JSON',
    );
  });

  it('refuses a time before 1970', () => {
    expect(errorOf(requestWithSpan('"startTimeUnixNano":"-1"')).message).toContain('an integer from 0 to 2⁶⁴ − 1');
  });
});

describe('values', () => {
  it.each([
    ['{"doubleValue":0.1}', { type: 'double', value: 0.1 }],
    ['{"doubleValue":-0}', { type: 'double', value: -0 }],
    ['{"doubleValue":1.7976931348623157e308}', { type: 'double', value: 1.7976931348623157e308 }],
    ['{"doubleValue":12345678901234567890}', { type: 'double', value: 12345678901234567000 }],
    ['{"doubleValue":"NaN"}', { type: 'double', value: Number.NaN }],
    ['{"doubleValue":"-Infinity"}', { type: 'double', value: Number.NEGATIVE_INFINITY }],
    ['{"doubleValue":"2.5"}', { type: 'double', value: 2.5 }],
    ['{"boolValue":false}', { type: 'bool', value: false }],
    ['{"boolValue":"true"}', { type: 'bool', value: true }],
    ['{"bytesValue":"+/8="}', { type: 'bytes', value: Uint8Array.of(0xfb, 0xff) }],
    ['{"bytesValue":"-_8"}', { type: 'bytes', value: Uint8Array.of(0xfb, 0xff) }],
    ['{"string_value":"snake"}', { type: 'string', value: 'snake' }],
    ['{"stringValue":"first","intValue":"2"}', { type: 'int', value: 2n }],
    ['{"stringValue":null}', { type: 'empty' }],
    ['null', { type: 'empty' }],
    ['{"arrayValue":{}}', { type: 'array', value: [] }],
    ['{"kvlistValue":{"values":null}}', { type: 'kvlist', value: [] }],
  ])('reads %s', (text, expected) => {
    expect(attributeValue(text)).toEqual(expected);
  });

  it('reads arrays and maps with escaped text, whatever the order of members', () => {
    const text = String.raw`{"arrayValue":{"values":[{"stringValue":"\u00e9\ud83d\ude00"},{"kvlistValue":{"values":[{"value":{"intValue":"-1"},"key":"\n"}]}},{},{"intValue":1,"boolValue":true}]}}`;
    expect(attributeValue(text)).toEqual({
      type: 'array',
      value: [
        { type: 'string', value: 'é😀' },
        { type: 'kvlist', value: [{ key: '\n', value: { type: 'int', value: -1n } }] },
        { type: 'empty' },
        { type: 'bool', value: true },
      ],
    });
  });

  it('unescapes every escape and replaces half a surrogate pair', () => {
    const text = String.raw`"\"\\\/\b\f\n\r\t\u0000\u007f\u0080\u07FF\u0800\ud83d\ude00|\ud83d|\ude00\ud83dx"`;
    expect(attributeValue(`{"stringValue":${text}}`)).toEqual({
      type: 'string',
      value: '"\\/\b\f\n\r\t\u0000\u007f\u0080\u07ff\u0800😀|\ufffd|\ufffd\ufffdx',
    });
  });
});

describe('senders that are not exact', () => {
  it('understands snake_case, names of enum values, quoted numbers and null', () => {
    expect(
      spanOf(
        '"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","parent_span_id":null,' +
          '"kind":"SPAN_KIND_CLIENT","flags":"257","dropped_attributes_count":"3","status":{"code":"STATUS_CODE_ERROR"},"links":null,' +
          '"start_time_unix_nano":5',
      ),
    ).toMatchObject({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: '',
      kind: 3,
      flags: 257,
      droppedAttributesCount: 3,
      status: { code: 2 },
      startTimeUnixNano: 5n,
      links: [],
    });
    expect(spanOf('"kind":"consumer"').kind).toBe(5);
    expect(spanOf('"kind":"SPAN_KIND_NEW"').kind).toBe(0);
    expect(spanOf('"kind":"4"').kind).toBe(4);
  });

  it('understands ids in base64', () => {
    expect(spanOf('"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXQ"')).toMatchObject({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
    });
  });

  it.each(['""', '"5b8efff7"', `"${'g'.repeat(32)}"`, `"${'0'.repeat(32)}"`, `"${'a'.repeat(33)}"`, 'null'])(
    'takes %s for no trace id',
    (id) => {
      expect(spanOf(`"traceId":${id},"name":"n"`)).toMatchObject({ traceId: '', name: 'n' });
    },
  );

  it('understands the names of OTLP before 0.16', () => {
    const data = decode(
      '{"resourceSpans":[{"instrumentationLibrarySpans":[{"instrumentationLibrary":{"name":"old"},"spans":[{}]}]}]}',
    );
    expect(data.resourceSpans[0].scopeSpans[0]).toMatchObject({ scope: { name: 'old' } });
  });

  it('takes the last of a member sent twice', () => {
    const span = spanOf(
      String.raw`"attributes":[{"key":"a"}],"name":"one","n\u0061me":"two","attributes":[{"key":"b"},{"key":"c"}]`,
    );
    expect(span.name).toBe('two');
    expect(span.attributes.map(({ key }) => key)).toEqual(['b', 'c']);
  });
});

describe('invalid JSON', () => {
  it('says what was expected, where, and what was there', () => {
    const error = errorOf('{\n  "resourceSpans": [\n    {"resource" 1}\n  ]\n}');
    expect(error.position).toEqual({ line: 3, column: 17 });
    expect(error.byteOffset).toBe(39);
    expect(error.message).toContain("expected ':' but found '1' at byte 39 (line 3, column 17)");
  });

  it.each([
    '',
    'null x',
    '[]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":1}}',
    '{a:1}',
    "{'a':1}",
    '{"a":"x}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":tru}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":1e}',
    '{"a":+1}',
    '{"a":NaN}',
    '{"resourceSpans":{}}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":4294967296}]}]}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"bytesValue":"*"}}]}]}]}]}',
  ])('refuses %j', (text) => {
    expect(errorOf(text).code).toBe('OTLP_MALFORMED_JSON');
  });

  it('refuses values and unknown members nested without bound', () => {
    const array = `${'{"arrayValue":{"values":['.repeat(5000)}{}${']}}'.repeat(5000)}`;
    expect(errorOf(requestWithSpan(`"attributes":[{"value":${array}}]`)).code).toBe('OTLP_VALUE_TOO_DEEP');
    expect(errorOf(`{"x":${'['.repeat(100_000)}`).code).toBe('OTLP_VALUE_TOO_DEEP');
  });

  it('allows exactly as many levels of values as configured', () => {
    const nested = (levels: number): string =>
      levels === 1 ? '{"intValue":1}' : `{"arrayValue":{"values":[${nested(levels - 1)}]}}`;
    expect(attributeValue(nested(32)).type).toBe('array');
    expect(errorOf(requestWithSpan(`"attributes":[{"value":${nested(33)}}]`)).code).toBe('OTLP_VALUE_TOO_DEEP');
  });

  it('allows exactly as many spans and records as configured', () => {
    const text = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{}]},{"events":[{}]}]}]}]}';
    expect(decode(text, { maxSpans: 2, maxRecords: 4 }).resourceSpans).toHaveLength(1);
    expect(errorOf(text, { maxSpans: 1 }).code).toBe('OTLP_TOO_MANY_SPANS');
    expect(errorOf(text, { maxRecords: 3 }).code).toBe('OTLP_TOO_MANY_RECORDS');
  });
});
