import { checkStrictJson, decodeTempo, tempoType } from '@clew/testkit/tempo/tempo-protobuf';
import { describe, expect, it } from 'vitest';
import { decodeMessage, MalformedMessageError } from './decode-message-protobuf.ts';
import { encodeMessage } from './encode-message-protobuf.ts';
import { messageToJson } from './message-to-json.ts';
import {
  QUERY_INSTANT_REQUEST,
  QUERY_INSTANT_RESPONSE,
  QUERY_RANGE_REQUEST,
  QUERY_RANGE_RESPONSE,
  SEARCH_REQUEST,
  SEARCH_RESPONSE,
  TAG_VALUES_REQUEST,
  TAG_VALUES_RESPONSE,
  TAG_VALUES_V2_RESPONSE,
  TAGS_REQUEST,
  TAGS_RESPONSE,
  TAGS_V2_RESPONSE,
} from './tempo-messages.ts';

const SPAN_SET = {
  spans: [
    {
      spanID: '00f067aa0ba902b7',
      name: 'größer',
      startTimeUnixNano: 2n ** 64n - 1n,
      durationNanos: 1n,
      attributes: [
        { key: 'zero', value: { type: 'int', value: 0n } },
        { key: 'least', value: { type: 'int', value: -(2n ** 63n) } },
        { key: 'empty', value: { type: 'string', value: '' } },
        { key: 'no', value: { type: 'bool', value: false } },
        { key: 'half', value: { type: 'double', value: 0.5 } },
        { key: 'list', value: { type: 'array', value: [{ type: 'string', value: 'a' }] } },
        { key: 'nothing', value: { type: 'empty' } },
      ],
    },
    { spanID: '', name: '', startTimeUnixNano: 0n, durationNanos: 0n, attributes: [] },
  ],
  matched: 2 ** 32 - 1,
  attributes: [],
};

const ANSWERS = [
  [
    'SearchResponse',
    SEARCH_RESPONSE,
    {
      traces: [
        {
          ...{ traceID: 'af7', rootServiceName: 'shop', rootTraceName: '', startTimeUnixNano: 5n, durationMs: 7 },
          ...{ spanSet: SPAN_SET, spanSets: [SPAN_SET, { spans: [], matched: 0, attributes: [] }] },
          serviceStats: new Map([
            ['shop', { spanCount: 3, errorCount: 0 }],
            ['', { spanCount: 0, errorCount: 0 }],
          ]),
        },
      ],
      metrics: {
        inspectedTraces: 1,
        inspectedBytes: 2n ** 40n,
        completedJobs: 100,
        totalJobs: 100,
        inspectedSpans: 0n,
      },
    },
  ],
  ['SearchTagsResponse', TAGS_RESPONSE, { tagNames: ['a', '', 'c'], metrics: {} }],
  ['SearchTagsV2Response', TAGS_V2_RESPONSE, { scopes: [{ name: 'span', tags: ['a'] }], metrics: { totalJobs: 1 } }],
  ['SearchTagValuesResponse', TAG_VALUES_RESPONSE, { tagValues: ['x'], metrics: { inspectedBytes: 9n } }],
  ['SearchTagValuesV2Response', TAG_VALUES_V2_RESPONSE, { tagValues: [{ type: 'int', value: '1' }], metrics: {} }],
  [
    'QueryRangeResponse',
    QUERY_RANGE_RESPONSE,
    {
      series: [
        {
          labels: [{ key: 'p', value: { type: 'double', value: 0.9 } }],
          samples: [
            { timestampMs: 1_700_000_000_000n, value: 0 },
            { timestampMs: 0n, value: -0 },
            { timestampMs: -1n, value: Number.POSITIVE_INFINITY },
          ],
          exemplars: [{ labels: [], value: Number.NaN, timestampMs: 1n }],
        },
      ],
      ...{ metrics: {}, status: 1, message: 'the time limit was reached' },
    },
  ],
  [
    'QueryInstantResponse',
    QUERY_INSTANT_RESPONSE,
    { series: [{ labels: [], value: 1.5 }], metrics: {}, status: 0, message: '' },
  ],
] as const;

describe('an answer', () => {
  it.each(ANSWERS)('%s is the same in both forms, as protobufjs reads them', (name, shape, message) => {
    const json = messageToJson(shape, message);
    expect(() => checkStrictJson(name, json)).not.toThrow();
    const type = tempoType(name);
    const fromJson = type.toObject(type.fromObject(json), { longs: String, enums: String, bytes: String });
    expect(decodeTempo(name, encodeMessage(shape, message))).toEqual(fromJson);
  });

  it('leaves out what is zero, and not what a choice holds', () => {
    const json = messageToJson(SEARCH_RESPONSE, ANSWERS[0][2]) as {
      traces: readonly { spanSet: { spans: readonly object[] } }[];
    };
    expect(json.traces[0]).not.toHaveProperty('rootTraceName');
    expect(json.traces[0].spanSet.spans[1]).toEqual({});
    expect(JSON.stringify(json)).toContain('{"key":"zero","value":{"intValue":"0"}}');
  });
});

const QUESTIONS = [
  [
    'SearchRequest',
    SEARCH_REQUEST,
    {
      ...{
        Tags: { a: 'b', '': 'c', d: '' },
        MinDurationMs: 1,
        MaxDurationMs: 4_294_967_295,
        Limit: 20,
        start: 5,
        end: 6,
      },
      ...{ Query: '{ name = "größer" }', SpansPerSpanSet: 3 },
    },
  ],
  [
    'SearchTagsRequest',
    TAGS_REQUEST,
    { scope: 'span', query: '{', start: 1, end: 2, maxTagsPerScope: 3, staleValuesThreshold: 4 },
  ],
  ['SearchTagValuesRequest', TAG_VALUES_REQUEST, { tagName: '.a', query: '', start: 1, end: 2, maxTagValues: 3 }],
  [
    'QueryRangeRequest',
    QUERY_RANGE_REQUEST,
    { query: 'q', start: '1700000000000000000', end: '18446744073709551615', step: '1', exemplars: 7 },
  ],
  ['QueryInstantRequest', QUERY_INSTANT_REQUEST, { query: 'q', start: '1', end: '2' }],
] as const;

describe('a question', () => {
  it.each(QUESTIONS)('%s is read as protobufjs writes it, unknown fields stepped over', (name, shape, message) => {
    const type = tempoType(name);
    const read = decodeMessage(shape, type.encode(type.fromObject(message)).finish());
    for (const [field, value] of Object.entries(message)) {
      if (shape.fields[field] === undefined || value === '') continue;
      const found = read[field];
      expect(
        found instanceof Map ? Object.fromEntries(found) : typeof found === 'bigint' ? String(found) : found,
      ).toEqual(value);
    }
  });

  it('may have fields of every wire type that it does not know', () => {
    const known = [0x0a, 1, 0x71];
    const unknown = [
      [0xf8, 0x01, 0x80, 0x01],
      [0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8],
      [0xfa, 0x01, 2, 9, 9],
      [0xfd, 0x01, 1, 2, 3, 4],
      [0xfb, 0x01, 0x08, 0x01, 0xfc, 0x01],
      // The query as a number.
      [0x08, 0x05],
    ].flat();
    expect(decodeMessage(QUERY_INSTANT_REQUEST, Uint8Array.from([...unknown, ...known]))).toEqual({ query: 'q' });
  });

  it.each([
    ['a length beyond its end', [0x0a, 5, 0x61]],
    ['half a number', [0x10, 0x80]],
    ['a number of eleven bytes', [0x10, ...Array.from({ length: 11 }, () => 0x80)]],
    ['field 0', [0x00, 0x01]],
    ['wire type 7', [0x0f]],
    ['half a fixed number', [0xf9, 0x01, 1]],
    ['an open group', [0xfb, 0x01]],
    ['a group closed as another', [0xfb, 0x01, 0x84, 0x02]],
    ['groups without end', Array.from({ length: 100 }, () => [0xfb, 0x01]).flat()],
    ['a text that is not UTF-8', [0x0a, 1, 0xff]],
  ])('with %s is refused', (_what, bytes) => {
    expect(() => decodeMessage(QUERY_INSTANT_REQUEST, Uint8Array.from(bytes))).toThrow(MalformedMessageError);
  });
});
