/** Traces of services that call each other, with what the figures of services are made of: for tests. */
import type { Attribute, ResourceSpans, Span, SpanEvent, SpanId, TraceData, TraceId } from '@clew/model';

/** The testkit's Random. */
export interface RandomSource {
  float(): number;
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  hex(digits: number): string;
}

export interface CallSpan {
  readonly span: Span;
  readonly service: string;
  readonly namespace: string;
  readonly version: string;
  readonly instance: string;
  /** How many spans it stands for. */
  readonly weight: number;
}

const SERVICES = ['gateway', 'cart', 'orders', 'stock', 'mailer', 'library'] as const;
const NAMESPACES: Readonly<Record<string, string>> = { cart: 'shop', orders: 'shop', stock: 'back' };
const OPERATIONS = ['GET /', 'read', 'write', 'SELECT'] as const;
const MESSAGES = ['', 'time is over', 'connection refused'] as const;

const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });

/** Of calls to others: what a client or producer span may say about its other side. */
const PEERS: readonly (readonly Attribute[])[] = [
  [],
  [text('db.system.name', 'postgresql'), text('db.namespace', 'orders')],
  [text('db.system', 'redis')],
  [text('db.system.name', 'mysql'), text('server.address', 'db-1')],
  [text('messaging.system', 'kafka'), text('messaging.destination.name', 'mails')],
  [text('peer.service', 'payments')],
  [text('server.address', 'api.example.com')],
];

/** Traces that begin in the time from `fromMs` for `lengthMs`. The service `library` has neither requests nor roots. */
export function generateCalls(
  random: RandomSource,
  traces: number,
  fromMs: number,
  lengthMs: number,
): readonly CallSpan[] {
  return Array.from({ length: traces }, () => {
    const startNano = BigInt(fromMs + random.below(lengthMs)) * 1_000_000n + BigInt(random.below(1_000_000));
    return generateTrace(random, startNano, startNano > BigInt(fromMs + lengthMs / 2) * 1_000_000n);
  }).flat();
}

function generateTrace(random: RandomSource, startNano: bigint, isLate: boolean): readonly CallSpan[] {
  const traceId = random.hex(32) as TraceId;
  const isSampled = random.chance(0.2);
  const spans: CallSpan[] = [];
  const count = 1 + random.below(14);
  for (let i = 0; i < count; i++) {
    const parent = i === 0 || random.chance(0.03) ? undefined : random.pick(spans);
    const stays = parent !== undefined && random.chance(0.4);
    const service = stays ? parent.service : random.pick(parent === undefined ? SERVICES.slice(0, 5) : SERVICES);
    const kind = service === 'library' ? random.pick([1, 3]) : random.pick([1, 2, 2, 3, 3, 4, 5, 0]);
    const parentSpanId = random.chance(0.03) ? (random.hex(16) as SpanId) : (parent?.span.spanId ?? ('' as SpanId));
    const hasParent = service === 'library' && parentSpanId === '' ? (random.hex(16) as SpanId) : parentSpanId;
    const place = { traceId, spanId: random.hex(16) as SpanId, parentSpanId: hasParent };
    const start = startNano + BigInt(random.below(1_000_000_000));
    spans.push({
      span: generateSpan(random, place, kind, start, isSampled ? 'ot=th:8' : ''),
      service,
      namespace: NAMESPACES[service] ?? '',
      version:
        service === 'orders' ? (isLate && random.chance(0.7) ? '2.0' : '1.9') : service === 'mailer' ? '' : '1.0',
      instance: `${service}-${random.below(3)}`,
      weight: isSampled ? 2 : 1,
    });
  }
  return spans;
}

function generateSpan(
  random: RandomSource,
  place: Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>,
  kind: number,
  startTimeUnixNano: bigint,
  traceState: string,
): Span {
  const isError = (kind === 2 || kind === 3) && random.chance(0.3);
  const attributes = kind === 3 || kind === 4 || kind === 5 ? random.pick(PEERS) : [];
  return {
    ...place,
    traceState,
    flags: 1,
    name: random.pick(OPERATIONS),
    kind,
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + BigInt(Math.floor(Math.exp(random.float() * 20))),
    attributes: isError && random.chance(0.3) ? [...attributes, text('error.type', '500')] : attributes,
    droppedAttributesCount: 0,
    events: isError && random.chance(0.5) ? [exception(random, startTimeUnixNano)] : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: isError ? 2 : random.below(2), message: isError ? random.pick(MESSAGES) : '' },
  };
}

function exception(random: RandomSource, timeUnixNano: bigint): SpanEvent {
  const attributes = [text('exception.type', random.pick(['IOError', 'TypeError']))];
  return { timeUnixNano, name: 'exception', attributes, droppedAttributesCount: 0 };
}

/** As their SDKs would send them: a resource for each instance and version. */
export function traceDataOfCalls(calls: readonly CallSpan[]): TraceData {
  const resources = new Map<string, CallSpan[]>();
  for (const call of calls) {
    const key = `${call.instance} ${call.version}`;
    resources.set(key, [...(resources.get(key) ?? []), call]);
  }
  return {
    resourceSpans: [...resources.values()].map((spans): ResourceSpans => {
      const [{ service, namespace, version, instance }] = spans;
      const optional = [text('service.namespace', namespace), text('service.version', version)];
      return {
        resource: {
          attributes: [
            text('service.name', service),
            text('service.instance.id', instance),
            text('host.name', `host-of-${instance}`),
            ...optional.filter(({ value }) => value.type === 'string' && value.value !== ''),
          ],
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          {
            scope: { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: spans.map(({ span }) => span),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      };
    }),
  };
}
