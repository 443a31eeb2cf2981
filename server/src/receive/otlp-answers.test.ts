import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { percentEncoded } from '../net/grpc-message-text.ts';
import { grpcStatusTrailers } from './grpc-status.ts';
import { exportResponse, statusResponse } from './otlp-answers.ts';

const rpc = protobuf.parse(
  `syntax = "proto3";
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`,
  { keepCase: true },
).root;

const MESSAGES = ['short', 'ü – 👍', 'x'.repeat(127), 'x'.repeat(128), 'long '.repeat(10_000)];

describe('an ExportTraceServiceResponse', () => {
  test('without anything to say is empty: partial_success must be unset', () => {
    expect(exportResponse('otlp-protobuf', 0, '')).toHaveLength(0);
    expect(Buffer.from(exportResponse('otlp-json', 0, '')).toString()).toBe('{}');
  });

  test.each([1, 127, 128, 300, 4_000_000_000])('says that %d spans were rejected', (rejected) => {
    for (const message of MESSAGES) {
      const expected = { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } };
      const decoded = otlpMessage('ExportTraceServiceResponse').decode(
        exportResponse('otlp-protobuf', rejected, message),
      );
      expect(decoded.toJSON()).toEqual(expected);
      expect(JSON.parse(Buffer.from(exportResponse('otlp-json', rejected, message)).toString())).toEqual(expected);
    }
  });

  test('can warn without rejecting anything', () => {
    const decoded = otlpMessage('ExportTraceServiceResponse').decode(
      exportResponse('otlp-protobuf', 0, 'mind the gap'),
    );
    expect(decoded.toJSON()).toEqual({ partialSuccess: { errorMessage: 'mind the gap' } });
  });
});

describe('a google.rpc.Status', () => {
  test.each(MESSAGES)('reads the same in protobuf and JSON', (message) => {
    const expected = { code: 3, message };
    expect(
      rpc
        .lookupType('Status')
        .decode(statusResponse('otlp-protobuf', 3, message, undefined))
        .toJSON(),
    ).toEqual(expected);
    expect(JSON.parse(Buffer.from(statusResponse('otlp-json', 3, message, undefined)).toString())).toEqual(expected);
  });

  test.each([1, 999, 1_000, 1_500, 86_400_000])('carries a RetryInfo of %d ms', (retryAfterMs) => {
    for (const message of MESSAGES) {
      const status = rpc.lookupType('Status').decode(statusResponse('otlp-protobuf', 14, message, retryAfterMs));
      const {
        code,
        message: text,
        details,
      } = rpc.lookupType('Status').toObject(status) as {
        code: number;
        message: string;
        details: { type_url: string; value: Uint8Array }[];
      };
      expect([code, text, details.length]).toEqual([14, message, 1]);
      const info = rpc
        .lookupType('RetryInfo')
        .toObject(rpc.lookupType('RetryInfo').decode(details[0]?.value ?? new Uint8Array()), {
          longs: Number,
          defaults: true,
        }) as { retry_delay: { seconds: number; nanos: number } };
      expect(info.retry_delay.seconds * 1000 + info.retry_delay.nanos / 1e6).toBe(retryAfterMs);
    }
  });
});

describe('a grpc-message', () => {
  test('is plain where it can be and percent-encoded where it must', () => {
    expect(percentEncoded('plain text: 3 of 4!')).toBe('plain text: 3 of 4!');
    expect(percentEncoded('100 %\n')).toBe('100 %25%0A');
    expect(decodeURIComponent(percentEncoded('größer – 👍'))).toBe('größer – 👍');
  });

  test('is cut before it makes the headers too large', () => {
    for (const message of ['x'.repeat(100_000), `x${'ü'.repeat(9_000)}`, `xx${'👍'.repeat(9_000)}`]) {
      const trailers = grpcStatusTrailers(14, message, 1_000);
      expect(JSON.stringify(trailers).length).toBeLessThan(6_000);
      const text = decodeURIComponent(String(trailers['grpc-message']));
      expect(text.endsWith('…')).toBe(true);
      expect(message.startsWith(text.slice(0, -1))).toBe(true);
    }
  });
});
