import { encodeExportResponse, encodeExportResponseJson } from '@clew/wire/otlp/responses';
import { expect, test } from 'vitest';
import { rejectedSpansIn } from './export-response.ts';

test('an empty answer rejects nothing', () => {
  expect(rejectedSpansIn(encodeExportResponse(), false)).toBe(0);
  expect(rejectedSpansIn(encodeExportResponseJson(), true)).toBe(0);
});

test('an empty partial success, as some servers send it, rejects nothing', () => {
  expect(rejectedSpansIn(Uint8Array.of(0x0a, 0x00), false)).toBe(0);
  expect(rejectedSpansIn(Buffer.from('{"partialSuccess":{}}'), true)).toBe(0);
});

test.each([1, 127, 128, 300, 70_000])('%i rejected spans are read in both encodings', (rejectedSpans) => {
  const partial = { rejectedSpans, errorMessage: 'no trace id' };
  expect(rejectedSpansIn(encodeExportResponse(partial), false)).toBe(rejectedSpans);
  expect(rejectedSpansIn(encodeExportResponseJson(partial), true)).toBe(rejectedSpans);
});

test('a warning without rejected spans rejects nothing', () => {
  const warning = encodeExportResponse({ rejectedSpans: 0, errorMessage: 'slow down' });
  expect(rejectedSpansIn(warning, false)).toBe(0);
});

test('another message is not taken for an answer', () => {
  expect(() => rejectedSpansIn(Uint8Array.of(0x12, 0x00), false)).toThrow('unexpected first byte 18');
});
