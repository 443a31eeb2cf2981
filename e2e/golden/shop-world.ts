/**
 * The demo's shop at a fixed time, with fixed ids, from a fixed seed: the same spans on every machine and in every
 * year, for pictures that can be compared.
 */
import type {
  Attribute,
  AttributeValue,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanId,
  SpanLink,
  TraceData,
  TraceId,
} from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import type { FaultSet } from '../../cli/src/demo/model/faults.ts';
import { planJourney } from '../../cli/src/demo/model/plan-journey.ts';
import {
  countSpans,
  type PlannedAttributes,
  type PlannedJourney,
  type PlannedSpan,
  type PlannedValue,
} from '../../cli/src/demo/model/planned-span.ts';
import { seededRandom } from '../../cli/src/demo/model/random.ts';
import { findService, resourceAttributes } from '../../cli/src/demo/model/services.ts';

/** "Now" of the pictures. */
export const GOLDEN_NOW_MS = Date.UTC(2026, 10, 20, 14, 5, 0);
const WORLD_END_MS = Date.UTC(2026, 10, 20, 14, 0, 0);
const WORLD_MS = 3_600_000;
const SEED = 20_261_120;
const JOURNEYS = 420;
const NO_FAULTS: FaultSet = new Set();
const FAULTS: FaultSet = new Set(['payment-errors', 'slow-db', 'n-plus-one']);
/** The part of the hour, the newest, in which the faults are on. */
const FAULTY_PART = 0.25;
const JOURNEYS_PER_REQUEST = 60;
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUSES = { unset: 0, ok: 1, error: 2 } as const;

export interface GoldenWorld {
  /** RFC 3339; the hour of the spans. */
  readonly from: string;
  readonly to: string;
  /** The largest checkout that failed. */
  readonly failedCheckout: TraceId;
  /** The largest one before the faults. */
  readonly goodCheckout: TraceId;
  readonly spanCount: number;
}

interface Checkout {
  readonly traceId: TraceId;
  readonly failed: boolean;
  readonly faulty: boolean;
  readonly spanCount: number;
}

/** Spans of a tree. */
function countOf(root: PlannedSpan): number {
  return countSpans({ name: '', traces: [root], endUs: 0 });
}

/** Sends the world; resolves when all of it is acknowledged. */
export async function sendGoldenWorld(otlpHttp: string): Promise<GoldenWorld> {
  const random = seededRandom(SEED);
  const checkouts: Checkout[] = [];
  let spanCount = 0;
  let batch: ResourceSpans[] = [];
  for (let number = 0; number < JOURNEYS; number++) {
    const part = (number + random.next()) / JOURNEYS;
    const faulty = part >= 1 - FAULTY_PART;
    const journey = planJourney(random, faulty ? FAULTS : NO_FAULTS);
    const startMs = Math.floor(WORLD_END_MS - (1 - part) * WORLD_MS - journey.endUs / 1000);
    const built = buildJourney(journey, number, BigInt(startMs) * 1_000_000n, faulty ? FAULTS : NO_FAULTS);
    batch.push(...built.resourceSpans);
    spanCount += built.spanCount;
    if (journey.name === 'checkout') {
      const failed = journey.traces[0].status === 'error';
      checkouts.push({ traceId: traceIdOf(number, 0), failed, faulty, spanCount: countOf(journey.traces[0]) });
    }
    if (number % JOURNEYS_PER_REQUEST === JOURNEYS_PER_REQUEST - 1 || number === JOURNEYS - 1) {
      await post(otlpHttp, { resourceSpans: batch });
      batch = [];
    }
  }
  checkouts.sort((a, b) => b.spanCount - a.spanCount);
  const failed = checkouts.find((checkout) => checkout.failed && checkout.faulty);
  const good = checkouts.find((checkout) => !checkout.failed && !checkout.faulty);
  if (failed === undefined || good === undefined) throw new Error(`seed ${SEED} has no failed or no good checkout.`);
  return {
    from: new Date(WORLD_END_MS - WORLD_MS).toISOString(),
    to: new Date(WORLD_END_MS).toISOString(),
    failedCheckout: failed.traceId,
    goodCheckout: good.traceId,
    spanCount,
  };
}

/** Some digits first: ids that begin alike are hard to tell apart in a picture. */
function traceIdOf(journey: number, trace: number): TraceId {
  const mixed = (Math.imul(journey * 8 + trace + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${mixed}${'c1e4'.repeat(4)}${(journey * 8 + trace).toString(16).padStart(8, '0')}` as TraceId;
}

function buildJourney(
  journey: PlannedJourney,
  number: number,
  startNano: bigint,
  faults: FaultSet,
): { readonly resourceSpans: readonly ResourceSpans[]; readonly spanCount: number } {
  const ids = new Map<PlannedSpan, { readonly traceId: TraceId; readonly spanId: SpanId }>();
  const byInstance = new Map<string, { readonly of: PlannedSpan; readonly byScope: Map<string, Span[]> }>();
  let spanCount = 0;
  journey.traces.forEach((root, trace) => {
    const traceId = traceIdOf(number, trace);
    const stack: { readonly planned: PlannedSpan; readonly parent: SpanId }[] = [
      { planned: root, parent: '' as SpanId },
    ];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { planned, parent } = next;
      const spanId = (number * 65_536 + ++spanCount).toString(16).padStart(16, 'a') as SpanId;
      ids.set(planned, { traceId, spanId });
      const key = `${planned.service} ${planned.instance}`;
      const instance = byInstance.get(key) ?? { of: planned, byScope: new Map<string, Span[]>() };
      byInstance.set(key, instance);
      const spans = instance.byScope.get(planned.scope) ?? [];
      instance.byScope.set(planned.scope, spans);
      const links = planned.links.flatMap((linked) => linkTo(ids.get(linked)));
      spans.push(buildSpan(planned, { traceId, spanId, parent, startNano, links }));
      for (const child of planned.children.toReversed()) stack.push({ planned: child, parent: spanId });
    }
  });
  const resourceSpans = [...byInstance.values()].map(({ of, byScope }) => ({
    resource: { attributes: attributesOf(resourceOf(of, faults)), droppedAttributesCount: 0 },
    scopeSpans: [...byScope].map(([name, spans]): ScopeSpans => {
      const scope = { name, version: '1.0.0', attributes: [], droppedAttributesCount: 0 };
      return { scope, spans, schemaUrl: '' };
    }),
    schemaUrl: '',
  }));
  return { resourceSpans, spanCount };
}

function resourceOf({ service, instance }: PlannedSpan, faults: FaultSet): PlannedAttributes {
  const owner = findService(service);
  // A new version comes with the faults, so that there is a deployment to see.
  const isNextVersion = faults.size > 0 && service === 'payment' && instance === owner.instances - 1;
  return resourceAttributes(owner, instance, isNextVersion);
}

function linkTo(ids: { readonly traceId: TraceId; readonly spanId: SpanId } | undefined): readonly SpanLink[] {
  return ids === undefined ? [] : [{ ...ids, traceState: '', attributes: [], droppedAttributesCount: 0, flags: 1 }];
}

interface Place {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parent: SpanId;
  readonly startNano: bigint;
  readonly links: readonly SpanLink[];
}

function buildSpan(planned: PlannedSpan, { traceId, spanId, parent, startNano, links }: Place): Span {
  const at = (us: number): bigint => startNano + BigInt(us) * 1000n;
  return {
    traceId,
    spanId,
    parentSpanId: parent,
    traceState: '',
    flags: 1,
    name: planned.name,
    kind: KINDS[planned.kind],
    startTimeUnixNano: at(planned.startUs),
    endTimeUnixNano: at(planned.endUs),
    attributes: attributesOf(planned.attributes),
    droppedAttributesCount: 0,
    events: planned.events.map(({ name, atUs, attributes }) => ({
      name,
      timeUnixNano: at(atUs),
      attributes: attributesOf(attributes),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 0,
    links,
    droppedLinksCount: 0,
    status: { code: STATUSES[planned.status], message: planned.statusMessage },
  };
}

function attributesOf(planned: PlannedAttributes): readonly Attribute[] {
  return Object.entries(planned).map(([key, value]) => ({ key, value: attributeValue(value) }));
}

function attributeValue(value: PlannedValue): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'object') return { type: 'array', value: value.map((one) => ({ type: 'string', value: one })) };
  return Number.isInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
}

async function post(otlpHttp: string, data: TraceData): Promise<void> {
  const body = encodeOtlpProtobuf(data) as Uint8Array<ArrayBuffer>;
  const headers = { 'content-type': 'application/x-protobuf' };
  const answer = await fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`sending the golden world: ${answer.status} ${await answer.text()}`);
}
