/** A few traces of two tenants, sent over OTLP, for the proofs of the Tempo API. */
import type { ClewUrls } from '../clew-process.ts';
import { waitUntil } from '../wait-until.ts';

export interface TempoWorld {
  /** Whole seconds since 1970: everything lies between. */
  readonly start: number;
  readonly end: number;
}

/** Leading zeros, as ids of 64 bits have them. */
export const CHECKOUT_ID = '00000000000000000af7651916cd43dd';
export const BROWSE_ID = 'b0000000000000000000000000000001';
export const BANK_ID = 'ba000000000000000000000000000001';
/** Spans in both tenants. */
export const CROSSING_ID = 'cc000000000000000000000000000001';

interface Sketch {
  readonly trace: string;
  readonly span: number;
  readonly parent?: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  /** After the world's start. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly isError?: boolean;
}

const DEFAULT_SPANS: readonly Sketch[] = [
  {
    ...{
      trace: CHECKOUT_ID,
      span: 1,
      service: 'shop',
      name: 'POST /checkout',
      kind: 2,
      atMs: 10_000,
      durationMs: 1_500,
    },
    attributes: { 'http.route': '/checkout', 'http.response.status_code': 500, sampled: true, ratio: 0.5 },
    isError: true,
  },
  {
    ...{ trace: CHECKOUT_ID, span: 2, parent: 1, service: 'shop', name: 'call pay', kind: 3, atMs: 10_100 },
    durationMs: 900,
  },
  {
    ...{
      trace: CHECKOUT_ID,
      span: 3,
      parent: 2,
      service: 'pay',
      name: 'charge',
      kind: 2,
      atMs: 10_200,
      durationMs: 700,
    },
    attributes: { 'http.route': '/charge', 'odd/name': 'a/b' },
    isError: true,
  },
  {
    ...{ trace: BROWSE_ID, span: 4, service: 'shop', name: 'GET /', kind: 2, atMs: 20_000, durationMs: 20 },
    attributes: { 'http.route': '/', 'http.response.status_code': 200 },
  },
  // Its parent never came.
  { trace: CROSSING_ID, span: 6, parent: 5, service: 'shop', name: 'refund', kind: 2, atMs: 30_100, durationMs: 50 },
];
const BANK_SPANS: readonly Sketch[] = [
  { trace: BANK_ID, span: 7, service: 'ledger', name: 'book', kind: 2, atMs: 25_000, durationMs: 10 },
  { trace: CROSSING_ID, span: 5, service: 'ledger', name: 'transfer', kind: 2, atMs: 30_000, durationMs: 400 },
];

/** Sends everything; resolves when it can be read. */
export async function sendTempoWorld(urls: ClewUrls): Promise<TempoWorld> {
  const start = Math.floor(Date.now() / 1000) - 120;
  await send(urls, DEFAULT_SPANS, start, 'default');
  await send(urls, BANK_SPANS, start, 'bank');
  await waitUntil(async () => {
    const status = (await (await fetch(`${urls.ui}/api/v1/status`)).json()) as { spans: { stored: number } };
    return status.spans.stored === DEFAULT_SPANS.length + BANK_SPANS.length;
  }, 'every span of the world to be stored');
  return { start, end: start + 60 };
}

async function send(urls: ClewUrls, spans: readonly Sketch[], start: number, tenant: string): Promise<void> {
  const response = await fetch(`${urls.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': tenant },
    body: JSON.stringify({ resourceSpans: spans.map((sketch) => resourceSpans(sketch, start)) }),
  });
  if (response.status !== 200) throw new Error(`the world was not taken: ${response.status} ${await response.text()}`);
}

function resourceSpans(sketch: Sketch, start: number): object {
  const from = BigInt(start) * 1_000_000_000n + BigInt(sketch.atMs) * 1_000_000n;
  const errorEvent = {
    timeUnixNano: String(from + 1_000_000n),
    name: 'exception',
    attributes: [{ key: 'exception.message', value: { stringValue: 'card declined' } }],
  };
  return {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: sketch.service } }] },
    scopeSpans: [
      {
        scope: { name: 'lib', version: '1.2' },
        spans: [
          {
            traceId: sketch.trace,
            spanId: sketch.span.toString(16).padStart(16, '0'),
            ...(sketch.parent !== undefined && { parentSpanId: sketch.parent.toString(16).padStart(16, '0') }),
            name: sketch.name,
            kind: sketch.kind,
            startTimeUnixNano: String(from),
            endTimeUnixNano: String(from + BigInt(sketch.durationMs) * 1_000_000n),
            attributes: Object.entries(sketch.attributes ?? {}).map(([key, value]) => ({
              key,
              value: anyValue(value),
            })),
            ...(sketch.isError === true && { events: [errorEvent], status: { code: 2, message: 'failed' } }),
          },
        ],
      },
    ],
  };
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
