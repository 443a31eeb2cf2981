import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { describe, expect, it } from 'vitest';
import { encodeExportResponse, encodeExportResponseJson, encodeRpcStatus, encodeRpcStatusJson } from './responses.ts';

const json = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
const decoded = (type: string, bytes: Uint8Array) =>
  otlpMessage(type).toObject(otlpMessage(type).decode(bytes), { longs: String, bytes: Array });

describe('an export response', () => {
  it('leaves partial success unset when every span was taken', () => {
    expect(encodeExportResponse()).toHaveLength(0);
    expect(encodeExportResponse({ rejectedSpans: 0, errorMessage: '' })).toHaveLength(0);
    expect(json(encodeExportResponseJson())).toEqual({});
  });

  it('says how many spans were rejected and why', () => {
    const partialSuccess = { rejectedSpans: 5_000_000_000, errorMessage: 'trace id is zero: é' };
    expect(decoded('ExportTraceServiceResponse', encodeExportResponse(partialSuccess))).toEqual({
      partialSuccess: { rejectedSpans: '5000000000', errorMessage: 'trace id is zero: é' },
    });
    expect(json(encodeExportResponseJson(partialSuccess))).toEqual({
      partialSuccess: { rejectedSpans: '5000000000', errorMessage: 'trace id is zero: é' },
    });
  });

  it('may warn without rejecting', () => {
    const warning = { rejectedSpans: 0, errorMessage: 'old format' };
    expect(decoded('ExportTraceServiceResponse', encodeExportResponse(warning))).toEqual({
      partialSuccess: { errorMessage: 'old format' },
    });
    expect(json(encodeExportResponseJson(warning))).toEqual({ partialSuccess: { errorMessage: 'old format' } });
  });
});

describe('a status', () => {
  it('carries code and message', () => {
    const status = { code: 3, message: 'm'.repeat(300) };
    expect(decoded('RpcStatus', encodeRpcStatus(status))).toEqual(status);
    expect(json(encodeRpcStatusJson(status))).toEqual(status);
  });

  it.each([
    [5000, { seconds: '5' }, '5s'],
    [1500, { seconds: '1', nanos: 500_000_000 }, '1.5s'],
    [250, { nanos: 250_000_000 }, '0.25s'],
    [0, {}, '0s'],
  ])('tells the sender to wait %d ms', (retryAfterMs, retryDelay, text) => {
    const status = { code: 14, message: 'journal full', retryAfterMs };
    const { code, details } = decoded('RpcStatus', encodeRpcStatus(status));
    expect(code).toBe(14);
    expect(details[0].type_url ?? details[0].typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo');
    expect(decoded('RetryInfo', Uint8Array.from(details[0].value))).toEqual({ retryDelay });
    expect(json(encodeRpcStatusJson(status)).details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: text },
    ]);
  });
});
