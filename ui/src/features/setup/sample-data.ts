/**
 * A quarter of an hour of a small shop as OTLP JSON, for those who have nothing to send yet. Two things are wrong with
 * it, to be found: payments fail towards the end, and the product page asks the database once for each product.
 */
export const SAMPLE_TRACES = 60;

const SPREAD_MS = 15 * 60_000;
const NANOS_PER_MS = 1_000_000;
/** Queries of the product page: one for each product. */
const PRODUCTS = 24;
/** The part of the time, the newest, in which payments fail. */
const FAILING_PART = 0.3;

interface SampleSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly object[];
  readonly events: readonly object[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** One call within a trace; milliseconds from its start. */
interface Call {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly at: number;
  readonly takes: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly error?: string;
  readonly calls?: readonly Call[];
}

/**
 * @param random in [0, 1), such as Math.random
 * @returns the body of a POST to /v1/traces and the number of its spans.
 */
export function buildSampleData(
  nowMs: number,
  random: () => number,
): { readonly body: string; readonly spanCount: number } {
  const byService = new Map<string, SampleSpan[]>();
  let spanCount = 0;
  for (let number = 0; number < SAMPLE_TRACES; number++) {
    const part = (number + random()) / SAMPLE_TRACES;
    const root = number % 5 < 3 ? productPage(random) : checkout(random, part > 1 - FAILING_PART);
    const startMs = nowMs - (1 - part) * SPREAD_MS - root.takes - 1000;
    const traceId = hex(16, random);
    const open: { readonly call: Call; readonly parent: string; readonly startMs: number }[] = [
      { call: root, parent: '', startMs },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const spanId = hex(8, random);
      const spans = byService.get(next.call.service) ?? [];
      byService.set(next.call.service, spans);
      const beginMs = next.startMs + next.call.at;
      spans.push(spanOf(next.call, { traceId, spanId, parentSpanId: next.parent, beginMs }));
      spanCount++;
      for (const call of next.call.calls ?? []) open.push({ call, parent: spanId, startMs: beginMs });
    }
  }
  const resourceSpans = [...byService].map(([service, spans]) => ({
    resource: {
      attributes: attributesOf({
        'service.name': service,
        'service.version': '1.4.2',
        'deployment.environment.name': 'sample',
      }),
    },
    scopeSpans: [{ scope: { name: 'clew/sample' }, spans }],
  }));
  return { body: JSON.stringify({ resourceSpans }), spanCount };
}

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;

function productPage(random: () => number): Call {
  const each = 3 + random() * 5;
  const queries = Array.from(
    { length: PRODUCTS },
    (_, at): Call => ({
      service: 'sample-catalog',
      name: 'SELECT products',
      kind: CLIENT,
      at: 4 + at * (each + 0.6),
      takes: each * (0.7 + random() * 0.6),
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT * FROM products WHERE id = $1',
        'db.operation.name': 'SELECT',
      },
    }),
  );
  const list = 8 + PRODUCTS * (each + 0.6);
  return {
    service: 'sample-web',
    name: 'GET /products',
    kind: SERVER,
    at: 0,
    takes: list + 24,
    attributes: { 'http.request.method': 'GET', 'http.route': '/products', 'http.response.status_code': 200 },
    calls: [
      { service: 'sample-web', name: 'load session', kind: INTERNAL, at: 1, takes: 4 },
      {
        service: 'sample-catalog',
        name: 'GET /api/products',
        kind: SERVER,
        at: 8,
        takes: list,
        attributes: { 'http.request.method': 'GET', 'http.route': '/api/products', 'http.response.status_code': 200 },
        calls: queries,
      },
    ],
  };
}

function checkout(random: () => number, failing: boolean): Call {
  const failed = failing && random() < 0.7;
  const charge = failed ? 1200 + random() * 900 : 90 + random() * 160;
  const status = failed ? 502 : 200;
  return {
    service: 'sample-web',
    name: 'POST /checkout',
    kind: SERVER,
    at: 0,
    takes: charge + 95,
    attributes: { 'http.request.method': 'POST', 'http.route': '/checkout', 'http.response.status_code': status },
    ...(failed && { error: 'checkout failed' }),
    calls: [
      {
        service: 'sample-cart',
        name: 'GET cart',
        kind: CLIENT,
        at: 6,
        takes: 12,
        attributes: { 'db.system.name': 'redis' },
      },
      {
        service: 'sample-payment',
        name: 'charge card',
        kind: SERVER,
        at: 30,
        takes: charge + 20,
        attributes: { 'rpc.system': 'grpc', 'payment.method': 'card' },
        ...(failed && { error: 'the bank did not answer in time' }),
        calls: [
          {
            service: 'sample-payment',
            name: 'POST bank.example',
            kind: CLIENT,
            at: 9,
            takes: charge,
            attributes: { 'server.address': 'bank.example', 'http.response.status_code': failed ? 504 : 201 },
            ...(failed && { error: 'timeout' }),
          },
        ],
      },
      ...(failed ? [] : [{ service: 'sample-mail', name: 'queue receipt', kind: 4, at: charge + 62, takes: 7 }]),
    ],
  };
}

function spanOf(
  call: Call,
  place: { readonly traceId: string; readonly spanId: string; readonly parentSpanId: string; readonly beginMs: number },
): SampleSpan {
  const { beginMs, ...ids } = place;
  const end = nanos(beginMs + call.takes);
  const failure = {
    name: 'exception',
    timeUnixNano: end,
    attributes: attributesOf({ 'exception.type': 'UpstreamError', 'exception.message': call.error ?? '' }),
  };
  return {
    ...ids,
    name: call.name,
    kind: call.kind,
    startTimeUnixNano: nanos(beginMs),
    endTimeUnixNano: end,
    attributes: attributesOf(call.attributes ?? {}),
    events: call.error === undefined ? [] : [failure],
    status: call.error === undefined ? {} : { code: 2, message: call.error },
  };
}

function attributesOf(values: Readonly<Record<string, string | number>>): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}

function nanos(unixMs: number): string {
  return (BigInt(Math.floor(unixMs * 1000)) * BigInt(NANOS_PER_MS / 1000)).toString();
}

function hex(bytes: number, random: () => number): string {
  let digits = '';
  while (digits.length < bytes * 2)
    digits += Math.floor(1 + random() * 0xfffe)
      .toString(16)
      .padStart(4, '0');
  return digits;
}
