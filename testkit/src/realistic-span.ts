/** Spans as instrumentation libraries write them: about 600 bytes of protobuf and ten attributes each. */
import type { Attribute, Span, SpanEvent, SpanId, SpanLink, TraceId } from '@clew/model';
import type { Random } from './random.ts';
import {
  boolAttribute,
  doubleAttribute,
  intAttribute,
  SHOP_SERVICES,
  textAttribute,
  uuid,
} from './realistic-resource.ts';

const USER_AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
  'python-requests/2.32.3',
  'grpc-java-netty/1.68.1',
  'k6/0.55.0 (https://k6.io/)',
] as const;
const ROUTES = [
  '/api/products/{id}',
  '/api/cart',
  '/api/checkout',
  '/api/recommendations',
  '/api/users/{id}/orders',
  '/healthz',
  '/api/data',
  '/api/shipping/quote',
  '/api/currency/convert',
] as const;
const TABLES = ['orders', 'order_items', 'products', 'users', 'shipments', 'payments', 'inventory'] as const;
const EXCEPTIONS = [
  'java.lang.IllegalStateException',
  'java.net.SocketTimeoutException',
  'io.grpc.StatusRuntimeException',
  'TypeError',
] as const;

/** Where a span stands in its trace. */
export interface SpanPlace {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId;
  readonly service: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
}

interface Work {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Attribute[];
}

/** Four of a hundred fail; the mix is 35 % HTTP server, 25 % client, 20 % database, 10 % RPC, 10 % internal. */
export function generateRealisticSpan(random: Random, place: SpanPlace): Span {
  const failed = random.chance(0.04);
  const work = generateWork(random, place.service, failed);
  return {
    traceId: place.traceId,
    spanId: place.spanId,
    parentSpanId: place.parentSpanId,
    traceState: random.chance(0.05) ? `congo=t61rcWkgMzE,rojo=${random.hex(16)}` : '',
    flags: 0x101,
    name: work.name,
    kind: work.kind,
    startTimeUnixNano: place.startTimeUnixNano,
    endTimeUnixNano: place.endTimeUnixNano,
    attributes: work.attributes,
    droppedAttributesCount: 0,
    events: generateEvents(random, place, failed),
    droppedEventsCount: 0,
    links: random.chance(0.06) ? [generateLink(random)] : [],
    droppedLinksCount: 0,
    status: failed
      ? { code: 2, message: 'Upstream request failed' }
      : { code: random.chance(0.1) ? 1 : 0, message: '' },
  };
}

function generateWork(random: Random, service: string, failed: boolean): Work {
  const share = random.float();
  if (share < 0.35) return httpServer(random, service, failed);
  if (share < 0.6) return httpClient(random, failed);
  if (share < 0.8) return database(random);
  if (share < 0.9) return rpc(random, failed);
  return internal(random, service);
}

function httpServer(random: Random, service: string, failed: boolean): Work {
  const method = random.pick(['GET', 'GET', 'GET', 'POST', 'PUT']);
  const route = random.pick(ROUTES);
  return {
    name: `${method} ${route}`,
    kind: 2,
    attributes: [
      textAttribute('http.request.method', method),
      textAttribute('url.scheme', 'https'),
      textAttribute('url.path', route.replace('{id}', random.hex(8))),
      textAttribute('http.route', route),
      intAttribute('http.response.status_code', failed ? random.pick([500, 503, 404]) : random.pick([200, 201, 204])),
      textAttribute('server.address', `${service}.shop.svc.cluster.local`),
      intAttribute('server.port', 8080),
      textAttribute('client.address', `10.${random.below(4)}.${random.below(255)}.${random.below(255)}`),
      textAttribute('user_agent.original', random.pick(USER_AGENTS)),
      textAttribute('network.protocol.version', '1.1'),
      intAttribute('http.response.body.size', random.below(60000)),
      textAttribute('app.user.id', uuid(random)),
    ],
  };
}

function httpClient(random: Random, failed: boolean): Work {
  const peer = `${random.pick(SHOP_SERVICES)}.shop.svc.cluster.local`;
  const method = random.pick(['GET', 'POST']);
  const query = `session=${random.hex(16)}&page=${random.below(50)}`;
  return {
    name: method,
    kind: 3,
    attributes: [
      textAttribute('http.request.method', method),
      textAttribute('url.full', `https://${peer}:8080/api/${random.pick(TABLES)}/${random.below(1e6)}?${query}`),
      intAttribute('http.response.status_code', failed ? 503 : 200),
      textAttribute('server.address', peer),
      intAttribute('server.port', 8080),
      textAttribute('network.peer.address', `10.${random.below(4)}.${random.below(255)}.${random.below(255)}`),
      intAttribute('network.peer.port', 30000 + random.below(30000)),
      textAttribute('network.protocol.version', '1.1'),
      intAttribute('http.request.resend_count', 0),
      doubleAttribute('app.retry.backoff_ms', random.float() * 100),
    ],
  };
}

function database(random: Random): Work {
  const table = random.pick(TABLES);
  const query =
    `SELECT id, created_at, customer_id, status, total_amount FROM ${table} WHERE customer_id = $1` +
    ` AND status IN ($2, $3) AND created_at > now() - interval '${1 + random.below(30)} days'` +
    ` ORDER BY created_at DESC LIMIT ${random.below(100)}`;
  return {
    name: `SELECT shop.${table}`,
    kind: 3,
    attributes: [
      textAttribute('db.system.name', 'postgresql'),
      textAttribute('db.namespace', 'shop'),
      textAttribute('db.operation.name', 'SELECT'),
      textAttribute('db.collection.name', table),
      textAttribute('db.query.text', query),
      textAttribute('server.address', 'pg-main.shop.svc.cluster.local'),
      intAttribute('server.port', 5432),
      textAttribute('thread.name', `http-nio-8080-exec-${random.below(64)}`),
      intAttribute('thread.id', random.below(200)),
      intAttribute('db.response.returned_rows', random.below(100)),
    ],
  };
}

function rpc(random: Random, failed: boolean): Work {
  const service = `shop.${random.pick(['CartService', 'CurrencyService', 'ProductCatalogService'])}`;
  const method = random.pick(['GetCart', 'AddItem', 'Convert', 'GetProduct']);
  return {
    name: `${service}/${method}`,
    kind: random.pick([2, 3]),
    attributes: [
      textAttribute('rpc.system', 'grpc'),
      textAttribute('rpc.service', service),
      textAttribute('rpc.method', method),
      intAttribute('rpc.grpc.status_code', failed ? 14 : 0),
      textAttribute('network.peer.address', `10.0.${random.below(255)}.${random.below(255)}`),
      intAttribute('network.peer.port', 40000 + random.below(20000)),
      textAttribute('app.user.id', uuid(random)),
      boolAttribute('app.cache.hit', random.chance(0.5)),
      intAttribute('app.items.count', random.below(20)),
      doubleAttribute('app.price.total', random.below(100_000) / 100),
    ],
  };
}

function internal(random: Random, service: string): Work {
  const name = random.pick(['renderTemplate', 'validate order', 'compute recommendations', 'publish orders']);
  const products = random.list(1, 3, () => ({ type: 'string' as const, value: random.hex(10).toUpperCase() }));
  const attributes = [
    textAttribute('code.function.name', `com.example.shop.${service}.Service.${name.replaceAll(' ', '_')}`),
    intAttribute('code.line.number', random.below(900)),
    textAttribute('thread.name', `pool-3-thread-${random.below(16)}`),
    intAttribute('thread.id', random.below(200)),
    boolAttribute('app.feature.new_checkout', random.chance(0.3)),
    { key: 'app.product.ids', value: { type: 'array' as const, value: products } },
    textAttribute('app.session.id', uuid(random)),
    textAttribute('messaging.system', 'kafka'),
    textAttribute('messaging.destination.name', 'orders'),
    intAttribute('messaging.kafka.offset', 1_000_000 + random.below(1e9)),
  ];
  if (random.chance(0.1)) {
    attributes.push(
      textAttribute('app.customer.name', random.pick(['Zoë Müller', 'José Ñuñez', '李小龙', 'Анна Каренина'])),
    );
  }
  return { name, kind: random.pick([1, 1, 4, 5]), attributes };
}

function generateEvents(random: Random, place: SpanPlace, failed: boolean): SpanEvent[] {
  const events: SpanEvent[] = [];
  if (random.chance(0.15)) {
    const middle = (place.startTimeUnixNano + place.endTimeUnixNano) / 2n;
    events.push(...random.list(1, 2, () => messageEvent(random, middle)));
  }
  if (failed) events.push(exceptionEvent(random, place.endTimeUnixNano));
  return events;
}

function messageEvent(random: Random, timeUnixNano: bigint): SpanEvent {
  return {
    timeUnixNano,
    name: random.pick(['message', 'cache.miss', 'retry', 'prepared']),
    attributes: [
      textAttribute('message.type', random.pick(['SENT', 'RECEIVED'])),
      intAttribute('message.id', 1 + random.below(5)),
      intAttribute('message.uncompressed_size', random.below(5000)),
    ],
    droppedAttributesCount: 0,
  };
}

function exceptionEvent(random: Random, timeUnixNano: bigint): SpanEvent {
  const frames = random.list(8, 19, () => {
    const handler = `Handler${random.below(40)}`;
    const owner = random.pick(SHOP_SERVICES).replace('-', '');
    return `\tat com.example.shop.${owner}.internal.${handler}.process(${handler}.java:${random.below(900)})\n`;
  });
  return {
    timeUnixNano,
    name: 'exception',
    attributes: [
      textAttribute('exception.type', random.pick(EXCEPTIONS)),
      textAttribute('exception.message', `Upstream request failed after ${random.below(3000)} ms`),
      textAttribute('exception.stacktrace', frames.join('')),
    ],
    droppedAttributesCount: 0,
  };
}

function generateLink(random: Random): SpanLink {
  return {
    traceId: random.hex(32) as TraceId,
    spanId: random.hex(16) as SpanId,
    traceState: '',
    attributes: [textAttribute('link.kind', 'follows_from')],
    droppedAttributesCount: 0,
    flags: 1,
  };
}
