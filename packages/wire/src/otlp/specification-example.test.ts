/**
 * A request shaped like the specification's example (opentelemetry-proto examples/trace.json): upper-case hex ids, times
 * as strings, enums as numbers, a scope with attributes, a parent outside of the request. Written anew.
 */
import { SpanBatch } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS } from './decode-limits.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { encodeOtlpProtobuf } from './encode-protobuf.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

const REQUEST = `{
  "resourceSpans": [
    {
      "resource": {
        "attributes": [{ "key": "service.name", "value": { "stringValue": "labyrinth" } }]
      },
      "scopeSpans": [
        {
          "scope": {
            "name": "thread",
            "version": "1.0.0",
            "attributes": [{ "key": "thread.colour", "value": { "stringValue": "red" } }]
          },
          "spans": [
            {
              "traceId": "0AF7651916CD43DD8448EB211C80319C",
              "spanId": "B7AD6B7169203331",
              "parentSpanId": "00F067AA0BA902B7",
              "name": "a server span",
              "startTimeUnixNano": "1700000000000000001",
              "endTimeUnixNano": "1700000001000000002",
              "kind": 2,
              "attributes": [{ "key": "thread.length", "value": { "intValue": "9007199254740993" } }]
            }
          ]
        }
      ]
    }
  ]
}`;

const EXPECTED = {
  resourceSpans: [
    {
      resource: {
        attributes: [{ key: 'service.name', value: { type: 'string', value: 'labyrinth' } }],
        droppedAttributesCount: 0,
      },
      schemaUrl: '',
      scopeSpans: [
        {
          scope: {
            name: 'thread',
            version: '1.0.0',
            attributes: [{ key: 'thread.colour', value: { type: 'string', value: 'red' } }],
            droppedAttributesCount: 0,
          },
          schemaUrl: '',
          spans: [
            {
              traceId: '0af7651916cd43dd8448eb211c80319c',
              spanId: 'b7ad6b7169203331',
              parentSpanId: '00f067aa0ba902b7',
              traceState: '',
              flags: 0,
              name: 'a server span',
              kind: 2,
              startTimeUnixNano: 1700000000000000001n,
              endTimeUnixNano: 1700000001000000002n,
              attributes: [{ key: 'thread.length', value: { type: 'int', value: 9007199254740993n } }],
              droppedAttributesCount: 0,
              events: [],
              droppedEventsCount: 0,
              links: [],
              droppedLinksCount: 0,
              status: { code: 0, message: '' },
            },
          ],
        },
      ],
    },
  ],
};

describe('a request shaped like the specification’s example', () => {
  it('is read exactly from JSON', () => {
    const batch = new SpanBatch();
    decodeOtlpJson(batch, new TextEncoder().encode(REQUEST), DEFAULT_DECODE_LIMITS);
    expect(traceDataFromBatch(batch)).toEqual(EXPECTED);
  });

  it('is the same after a way through protobuf', () => {
    const batch = new SpanBatch();
    decodeOtlpJson(batch, new TextEncoder().encode(REQUEST), DEFAULT_DECODE_LIMITS);
    const protobuf = encodeOtlpProtobuf(traceDataFromBatch(batch));
    decodeOtlpProtobuf(batch, protobuf, DEFAULT_DECODE_LIMITS);
    expect(traceDataFromBatch(batch)).toEqual(EXPECTED);
  });
});
