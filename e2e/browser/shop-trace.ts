/** A checkout over five services with everything a span can carry: events, an exception, links both ways. */
import type { OtlpJsonTraceData } from '@clew/contract';

export interface ShopTrace {
  readonly data: OtlpJsonTraceData;
  readonly traceId: string;
  /** A span of another trace that links to `ids.charge`. */
  readonly followUpTraceId: string;
  readonly ids: Readonly<Record<'checkout' | 'charge' | 'reserve' | 'query' | 'publish', string>>;
}

let shops = 0;

/** @param startUnixMs of the trace; the trace that follows it comes a second later */
export function planShopTrace(startUnixMs = Date.now() - 60_000): ShopTrace {
  const number = ++shops;
  const traceId = `5409${number.toString(16).padStart(4, '0')}${startUnixMs.toString(16).padStart(24, '0')}`;
  const followUpTraceId = `f0110${traceId.slice(5)}`;
  const ids = {
    checkout: '00000000000000a1',
    charge: '00000000000000a2',
    reserve: '00000000000000a3',
    query: '00000000000000a4',
    publish: '00000000000000a5',
  };
  const at = (ms: number): string => String(BigInt(startUnixMs) * 1_000_000n + BigInt(Math.round(ms * 1e6)));
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const span = (spanId: string, name: string, kind: number, from: number, to: number, rest: object = {}) => ({
    traceId,
    spanId,
    name,
    kind,
    startTimeUnixNano: at(from),
    endTimeUnixNano: at(to),
    ...rest,
  });
  const service = (name: string, spans: object[]) => ({
    resource: { attributes: [text('service.name', name), text('service.version', '2.4.1')] },
    scopeSpans: [{ scope: { name: 'shop', version: '1.0' }, spans }],
  });
  const exception = {
    timeUnixNano: at(139),
    name: 'exception',
    attributes: [
      text('exception.type', 'CardDeclinedError'),
      text('exception.message', 'the bank said no'),
      text('exception.stacktrace', 'CardDeclinedError: the bank said no\n    at charge (payments/charge.js:41:13)'),
    ],
  };
  const calls = Array.from({ length: 4 }, (_, index) =>
    span(`00000000000000b${index}`, 'SELECT stock', 3, 45 + index * 8, 51 + index * 8, {
      parentSpanId: ids.reserve,
      attributes: [text('db.system.name', 'postgresql'), text('db.query.text', 'SELECT n FROM stock WHERE id = $1')],
    }),
  );
  const data = {
    resourceSpans: [
      service('web', [
        span(ids.checkout, 'POST /checkout', 2, 0, 160, {
          attributes: [
            text('http.route', '/checkout'),
            { key: 'http.response.status_code', value: { intValue: '502' } },
            { key: 'cart.items', value: { intValue: '3' } },
          ],
          events: [{ timeUnixNano: at(2), name: 'cart loaded', attributes: [text('cart.id', 'c-77')] }],
        }),
      ]),
      service('payments', [
        span(ids.charge, 'charge card', 2, 90, 140, {
          parentSpanId: ids.checkout,
          status: { code: 2, message: 'the bank said no' },
          attributes: [text('payment.method', 'card'), { key: 'payment.retry', value: { boolValue: false } }],
          events: [{ timeUnixNano: at(95), name: 'asked the bank' }, exception],
          links: [{ traceId, spanId: ids.reserve }],
        }),
      ]),
      service('stock', [span(ids.reserve, 'reserve', 2, 40, 84, { parentSpanId: ids.checkout }), ...calls]),
      service('db', [span(ids.query, 'execute', 2, 46, 50, { parentSpanId: '00000000000000b0' })]),
      service('mail', [span(ids.publish, 'publish receipt', 4, 145, 150, { parentSpanId: ids.checkout })]),
      service('refunds', [
        {
          ...span('00000000000000c1', 'undo charge', 5, 1_000, 1_020, { links: [{ traceId, spanId: ids.charge }] }),
          traceId: followUpTraceId,
        },
      ]),
    ],
  } as unknown as OtlpJsonTraceData;
  return { data, traceId, followUpTraceId, ids };
}

/** Sends it as OTLP JSON. */
export async function sendShopTrace(otlpHttp: string, { data }: ShopTrace): Promise<void> {
  const answer = await fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  });
  if (!answer.ok) throw new Error(`sending the shop's trace: ${answer.status} ${await answer.text()}`);
}
