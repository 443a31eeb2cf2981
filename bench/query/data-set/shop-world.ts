/** The traces that a data set is made of: forty services, 6 to 40 spans a trace, one trace of ten thousand. */
import type { Resource, ResourceSpans, Span, SpanId, TraceData, TraceId } from '@clew/model';
import type { Random } from '@clew/testkit/random';
import { generateRealisticResource, SHOP_SERVICES } from '@clew/testkit/realistic-resource';
import { generateRealisticSpan } from '@clew/testkit/realistic-span';

/** The shop's, and those of three more teams. */
export const SERVICES: readonly string[] = [
  ...SHOP_SERVICES,
  ...['payment', 'cart', 'shipping', 'email', 'quote', 'currency', 'ad'].map((name) => `${name}-eu`),
  ...['payment', 'cart', 'shipping', 'email', 'quote', 'currency', 'ad'].map((name) => `${name}-us`),
  ...['search', 'search-indexer', 'pricing', 'stock', 'stock-sync', 'returns', 'invoices', 'ledger'],
  ...['identity', 'sessions', 'notifications', 'reports', 'webhooks', 'gateway'],
];
const INSTANCES = 4;
const FEWEST_SPANS = 6;
const MOST_SPANS = 40;
/** Services of one trace, at most. */
const MOST_SERVICES = 8;
const SCOPES = [
  ['io.opentelemetry.tomcat-10.0', '2.10.0-alpha'],
  ['@opentelemetry/instrumentation-http', '0.57.0'],
  ['io.opentelemetry.jdbc', '2.10.0-alpha'],
] as const;
const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.27.0';

export interface WorldTraces {
  readonly data: TraceData;
  readonly spanCount: number;
  /** The first trace. */
  readonly firstTraceId: TraceId;
}

export class ShopWorld {
  readonly #random: Random;
  readonly #resources: readonly { readonly service: string; readonly resource: Resource }[];

  constructor(random: Random) {
    this.#random = random;
    this.#resources = SERVICES.flatMap((service) =>
      Array.from({ length: INSTANCES }, () => ({ service, resource: generateRealisticResource(random, service) })),
    );
  }

  /** Whole traces with these starts, nanoseconds since 1970. `size` undefined: as they come. */
  traces(starts: readonly bigint[], size?: number): WorldTraces {
    const random = this.#random;
    /** Spans by resource, then scope. */
    const groups = new Map<number, Map<number, Span[]>>();
    let spanCount = 0;
    let firstTraceId: TraceId | undefined;
    for (const start of starts) {
      const traceId = random.hex(32) as TraceId;
      firstTraceId ??= traceId;
      const spans = size ?? random.between(FEWEST_SPANS, MOST_SPANS);
      this.#addTrace(groups, traceId, spans, start);
      spanCount += spans;
    }
    if (firstTraceId === undefined) throw new Error('no traces asked for.');
    return { data: this.#traceData(groups), spanCount, firstTraceId };
  }

  #addTrace(groups: Map<number, Map<number, Span[]>>, traceId: TraceId, size: number, start: bigint): void {
    const random = this.#random;
    // Busy services are in more traces than others.
    const members = random.list(2, MOST_SERVICES, () => Math.floor(random.float() ** 1.5 * this.#resources.length));
    const placed: { readonly spanId: SpanId; readonly start: bigint; readonly duration: bigint }[] = [];
    for (let i = 0; i < size; i++) {
      const parent = i === 0 ? undefined : placed[random.below(placed.length)];
      const place = parent === undefined ? { start, duration: rootDuration(random) } : withinParent(random, parent);
      const spanId = random.hex(16) as SpanId;
      placed.push({ spanId, ...place });
      const resource = i === 0 ? members[0] : random.pick(members);
      const span = generateRealisticSpan(random, {
        traceId,
        spanId,
        parentSpanId: parent?.spanId ?? ('' as SpanId),
        service: this.#resources[resource].service,
        startTimeUnixNano: place.start,
        endTimeUnixNano: place.start + place.duration,
      });
      let scopes = groups.get(resource);
      if (scopes === undefined) groups.set(resource, (scopes = new Map()));
      const scope = random.below(SCOPES.length);
      const spans = scopes.get(scope);
      if (spans === undefined) scopes.set(scope, [span]);
      else spans.push(span);
    }
  }

  #traceData(groups: ReadonlyMap<number, ReadonlyMap<number, Span[]>>): TraceData {
    return {
      resourceSpans: [...groups].map(
        ([index, scopes]): ResourceSpans => ({
          resource: this.#resources[index].resource,
          scopeSpans: [...scopes].map(([scope, spans]) => ({
            scope: { name: SCOPES[scope][0], version: SCOPES[scope][1], attributes: [], droppedAttributesCount: 0 },
            spans,
            schemaUrl: SCHEMA_URL,
          })),
          schemaUrl: SCHEMA_URL,
        }),
      ),
    };
  }
}

/** 0.3 ms to 20 s, most of them below 100 ms. */
function rootDuration(random: Random): bigint {
  return BigInt(Math.floor(3e5 * Math.exp(random.float() ** 2 * 11)));
}

function withinParent(
  random: Random,
  parent: { readonly start: bigint; readonly duration: bigint },
): { readonly start: bigint; readonly duration: bigint } {
  const available = Number(parent.duration);
  const offset = random.below(available / 2);
  return { start: parent.start + BigInt(offset), duration: BigInt(random.below(available - offset)) };
}
