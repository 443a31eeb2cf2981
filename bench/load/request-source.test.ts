import { gunzipSync } from 'node:zlib';
import { SpanBatch } from '@clew/model';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { decodeOtlpJson } from '@clew/wire/otlp/decode-json';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { expect, test } from 'vitest';
import type { LoadOrder } from './load-messages.ts';
import { FreshRequests, prepareRequests } from './request-source.ts';
import { RequestTemplate } from './request-template.ts';

const START = 1_760_000_000_000_000_000n;
const ORDER: LoadOrder = {
  kind: 'load',
  transport: 'http',
  url: 'http://127.0.0.1:1',
  form: { encoding: 'protobuf', compression: 'none' },
  requests: 5,
  connections: 1,
  timeoutMs: 1000,
};

function newTemplates(): RequestTemplate[] {
  const bodies = generateRequestBodies({ seed: 7, bodies: 2, spansPerBody: 20, startTimeUnixNano: START });
  return bodies.map((body) => new RequestTemplate(body, START));
}

async function bodiesOf(templates: readonly RequestTemplate[], order: LoadOrder): Promise<Uint8Array[]> {
  const source = await prepareRequests(templates, order);
  return Array.from({ length: order.requests }, () => source.take().body);
}

test('a replay is the same bytes for everyone, also after other loads', async () => {
  const templates = newTemplates();
  const replay = { seed: 42, startUnixMs: 1_760_000_100_000 };
  const first = await bodiesOf(templates, { ...ORDER, replay });
  new FreshRequests(templates).take();
  const second = await bodiesOf(templates, { ...ORDER, replay });
  const other = await bodiesOf(templates, { ...ORDER, replay: { ...replay, seed: 43 } });
  expect(second.map((body) => Buffer.from(body).toString('hex'))).toEqual(
    first.map((body) => Buffer.from(body).toString('hex')),
  );
  expect(Buffer.compare(first[0], first[2])).not.toBe(0);
  expect(Buffer.compare(first[0], other[0])).not.toBe(0);
});

test('prepared JSON and gzip carry the spans of the protobuf', async () => {
  const templates = newTemplates();
  const replay = { seed: 42, startUnixMs: 1_760_000_100_000 };
  const [protobuf] = await bodiesOf(templates, { ...ORDER, replay });
  const [gzipped] = await bodiesOf(templates, {
    ...ORDER,
    replay,
    form: { encoding: 'json', compression: 'gzip' },
  });
  const wanted = new SpanBatch();
  decodeOtlpProtobuf(wanted, protobuf.slice(), DEFAULT_DECODE_LIMITS);
  const found = new SpanBatch();
  decodeOtlpJson(found, new Uint8Array(gunzipSync(gzipped)), DEFAULT_DECODE_LIMITS);
  expect(traceDataFromBatch(found)).toEqual(traceDataFromBatch(wanted));
});

test('a template is in one request at a time, and comes again when that is done', () => {
  const source = new FreshRequests(newTemplates());
  const [first, second] = [source.take(), source.take()];
  expect(first.body).not.toBe(second.body);
  expect(() => source.take()).toThrow('more requests in flight than templates');
  const firstId = first.trace().traceId;
  first.release();
  const again = source.take();
  expect(again.body).toBe(first.body);
  expect(again.trace().traceId).not.toBe(firstId);
});
