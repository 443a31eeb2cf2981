/** What goes in comes out equal: spans of every shape, through the real program, over every encoding. */
import { gzipSync } from 'node:zlib';
import { SpanBatch, type TraceData } from '@clew/model';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { parseOtlpJson } from '@clew/wire/otlp/parse-json';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';
import { flatSpans } from './flat-spans.ts';
import { waitUntil } from './wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const REQUESTS = 8;

let clew: ClewProcess;
beforeAll(async () => {
  clew = await startClew();
});
afterAll(stopAll);

async function post(body: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<void> {
  const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, { method: 'POST', headers, body });
  expect(response.status, await response.text()).toBe(200);
}

async function storedSpans(): Promise<number> {
  const status = (await (await fetch(`${clew.urls.ui}/api/v1/status`)).json()) as { spans: { stored: number } };
  return status.spans.stored;
}

function traceIdsOf(data: TraceData): readonly string[] {
  return [
    ...new Set(
      data.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans.map((span) => String(span.traceId)))),
    ),
  ];
}

/** The part of a request that belongs to one trace. */
function onlyTrace(data: TraceData, traceId: string): TraceData {
  return {
    resourceSpans: data.resourceSpans.map((r) => ({
      ...r,
      scopeSpans: r.scopeSpans.map((s) => ({ ...s, spans: s.spans.filter((span) => span.traceId === traceId) })),
    })),
  };
}

describe(`round trip (seed ${SEED})`, () => {
  it('gives back spans of every shape exactly, as JSON and as protobuf', { timeout: 240_000 }, async () => {
    const sent: TraceData[] = [];
    for (let i = 0; i < REQUESTS; i++) {
      const data = generateTraceData({ seed: SEED + i });
      sent.push(data);
      const json = i % 2 === 1;
      const plain = json ? writeOtlpJson(data) : encodeOtlpProtobuf(data);
      const gzip = i % 3 === 2;
      const body = gzip ? new Uint8Array(gzipSync(plain)) : plain;
      await post(body, {
        'content-type': json ? 'application/json' : 'application/x-protobuf',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      });
    }
    const total = sent.reduce((sum, data) => sum + flatSpans(data).length, 0);
    expect(total).toBeGreaterThan(20);
    await waitUntil(async () => (await storedSpans()) >= total, `${total} spans stored`);

    const batch = new SpanBatch();
    // Odd ids such as 1 come in several requests: what counts is the trace as a whole.
    const everything: TraceData = { resourceSpans: sent.flatMap(({ resourceSpans }) => resourceSpans) };
    for (const traceId of traceIdsOf(everything)) {
      const expected = flatSpans(onlyTrace(everything, traceId));
      const url = `${clew.urls.ui}/api/v1/traces/${traceId}`;
      const json = await fetch(url);
      expect(json.status).toBe(200);
      expect(flatSpans(parseOtlpJson(await json.text()))).toEqual(expected);
      const protobuf = await fetch(url, { headers: { accept: 'application/x-protobuf' } });
      decodeOtlpProtobuf(batch, new Uint8Array(await protobuf.arrayBuffer()), DEFAULT_DECODE_LIMITS);
      expect(flatSpans(traceDataFromBatch(batch))).toEqual(expected);
    }
  });
});
