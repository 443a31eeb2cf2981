import { randomFillSync } from 'node:crypto';
import { SpanBatch } from '@clew/model';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { expect, test } from 'vitest';
import { MASK_WORDS, RequestTemplate } from './request-template.ts';

const START = 1_760_000_000_000_000_000n;

function newTemplate(): RequestTemplate {
  const [body] = generateRequestBodies({ seed: 7, bodies: 1, spansPerBody: 60, startTimeUnixNano: START });
  return new RequestTemplate(body, START);
}

function spansOf(body: Uint8Array) {
  const batch = new SpanBatch();
  decodeOtlpProtobuf(batch, body.slice(), DEFAULT_DECODE_LIMITS);
  return traceDataFromBatch(batch).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

const randomMask = (): Int32Array => randomFillSync(new Int32Array(MASK_WORDS));

test('a renewed body has other ids, the same tree and moved times', () => {
  const template = newTemplate();
  const before = spansOf(template.body);
  template.renew(START + 5_000_000_000n, randomMask());
  const after = spansOf(template.body);
  expect(after).toHaveLength(before.length);
  const spanIdOf = new Map(before.map(({ spanId }, i) => [spanId, after[i].spanId]));
  const traceIdOf = new Map(before.map(({ traceId }, i) => [traceId, after[i].traceId]));
  expect(new Set(traceIdOf.values()).size).toBe(traceIdOf.size);
  for (const [i, span] of before.entries()) {
    expect(after[i].traceId).not.toBe(span.traceId);
    expect(after[i].traceId).toBe(traceIdOf.get(span.traceId));
    expect(after[i].parentSpanId).toBe(span.parentSpanId === '' ? '' : spanIdOf.get(span.parentSpanId));
    expect(after[i].startTimeUnixNano).toBe(span.startTimeUnixNano + 5_000_000_000n);
    expect(after[i].endTimeUnixNano - after[i].startTimeUnixNano).toBe(span.endTimeUnixNano - span.startTimeUnixNano);
    expect(after[i].attributes).toEqual(span.attributes);
  }
});

test('the same mask and time give the same bytes, whatever came between', () => {
  const template = newTemplate();
  const mask = randomMask();
  template.renew(START + 1n, mask);
  const first = template.body.slice();
  template.renew(START + 99n, randomMask());
  expect(Buffer.compare(template.body, first)).not.toBe(0);
  template.renew(START + 1n, mask);
  expect(Buffer.compare(template.body, first)).toBe(0);
});

test('the first trace is named with the number of its spans', () => {
  const template = newTemplate();
  template.renew(START, randomMask());
  const spans = spansOf(template.body).filter(({ traceId }) => traceId === template.firstTraceId);
  expect(spans.length).toBeGreaterThan(0);
  expect(template.firstTraceSpans).toBe(spans.length);
});
