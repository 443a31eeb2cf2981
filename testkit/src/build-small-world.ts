/**
 * Traces with few different values, so that random queries hit, with every form in which a value can be stored and
 * every form of trees: for the differential tests. Most starts lie in six hours; some traces go on days later or began
 * a day before, and a few times are what a broken clock says.
 */
import {
  type Attribute,
  type AttributeValue,
  type Resource,
  type ResourceSpans,
  type Span,
  type SpanEvent,
  type SpanLink,
  serviceName,
  type TraceData,
  type TraceId,
} from '@clew/model';
import type { Random } from './random.ts';
import { randomShape, type ShapedSpan } from './random-shape.ts';
import {
  DURATIONS,
  EVENT_NAMES,
  EVENT_VALUES,
  LINK_VALUES,
  NAMES,
  RESOURCE_VALUES,
  SCOPES,
  SERVICE_NAMES,
  SPAN_VALUES,
  STATUS_MESSAGES,
  TRACE_STATES,
} from './small-world-values.ts';

export const WORLD_START_UNIX_NANO = 1_760_000_000_000_000_000n;
const MINUTE_NANO = 60_000_000_000n;
export const WORLD_END_UNIX_NANO = WORLD_START_UNIX_NANO + 6n * 60n * MINUTE_NANO;

function attributesFrom(
  random: Random,
  values: Readonly<Record<string, readonly AttributeValue[]>>,
  chance: number,
): Attribute[] {
  return Object.entries(values)
    .filter(() => random.chance(chance))
    .map(([key, choices]) => ({ key, value: random.pick(choices) }));
}

function smallResource(random: Random): Resource {
  const attributes = attributesFrom(random, RESOURCE_VALUES, 0.5);
  const service = random.pick(SERVICE_NAMES);
  if (service !== undefined) attributes.push({ key: 'service.name', value: service });
  return { attributes, droppedAttributesCount: 0 };
}

/** Never set, before and after 2262, where a signed number of nanoseconds ends. */
const ODD_TIMES = [0n, 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

function smallEvent(random: Random, spanStart: bigint): SpanEvent {
  return {
    timeUnixNano: random.chance(0.95)
      ? BigInt.asUintN(64, spanStart + random.pick([0n, 1_000n, 5_000_000n, -1_000n]))
      : random.pick(ODD_TIMES),
    name: random.pick(EVENT_NAMES),
    attributes: attributesFrom(random, EVENT_VALUES, 0.6),
    droppedAttributesCount: 0,
  };
}

function smallLink(random: Random, traceIds: readonly TraceId[], { spanId }: ShapedSpan): SpanLink {
  return {
    traceId: random.chance(0.9) ? random.pick(traceIds) : (`${'0'.repeat(30)}${random.hex(2)}` as TraceId),
    spanId,
    traceState: '',
    attributes: attributesFrom(random, LINK_VALUES, 0.6),
    droppedAttributesCount: 0,
    flags: 0,
  };
}

/** Where a trace lies, and what its links may name. */
interface TraceFrame {
  readonly traceId: TraceId;
  readonly start: bigint;
  /** Added to the starts of late spans. */
  readonly lateness: bigint;
  readonly knownTraceIds: readonly TraceId[];
}

function smallSpan(random: Random, frame: TraceFrame, shaped: ShapedSpan): Span {
  // Starts on a coarse grid: spans and whole traces start in the same nanosecond.
  const late = random.chance(0.3) ? frame.lateness : 0n;
  const usual = frame.start + BigInt(random.below(7)) * 4n * MINUTE_NANO + late;
  const start = random.chance(0.993) ? usual : random.pick(ODD_TIMES);
  // Now and then the end is not set, or the clock was wrong.
  const end = random.chance(0.98) ? BigInt.asUintN(64, start + random.pick(DURATIONS)) : random.pick(ODD_TIMES);
  return {
    traceId: frame.traceId,
    ...shaped,
    traceState: random.pick(TRACE_STATES),
    flags: 0,
    name: random.pick(NAMES),
    kind: random.chance(0.95) ? random.below(6) : 17,
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    attributes: attributesFrom(random, SPAN_VALUES, 0.4),
    droppedAttributesCount: 0,
    events: random.chance(0.3) ? random.list(1, 3, () => smallEvent(random, start)) : [],
    droppedEventsCount: 0,
    links: random.chance(0.2) ? random.list(1, 2, () => smallLink(random, frame.knownTraceIds, shaped)) : [],
    droppedLinksCount: 0,
    status: {
      code: random.chance(0.95) ? random.below(3) : 9,
      message: random.pick(STATUS_MESSAGES),
    },
  };
}

/** `traceCount` traces; span ids may repeat inside a trace and between traces. */
export function buildSmallWorld(random: Random, traceCount: number): TraceData {
  const resources = random.list(14, 20, () => smallResource(random));
  // By resource, then by scope.
  const spansOf: Span[][][] = resources.map(() => SCOPES.map(() => []));
  const minutes = Number((WORLD_END_UNIX_NANO - WORLD_START_UNIX_NANO) / MINUTE_NANO) - 30;
  const traceIds: TraceId[] = [];
  for (let trace = 0; trace < traceCount; trace++) {
    const traceId = smallTraceId(random);
    traceIds.push(traceId);
    const start = WORLD_START_UNIX_NANO + BigInt(random.below(minutes)) * MINUTE_NANO;
    // Hours are another part of the day, days are other parts of the table.
    const lateness = random.chance(0.15) ? random.pick([2n, 30n, 75n, -26n]) * 60n * MINUTE_NANO : 0n;
    const told = new Set<string>();
    for (const shaped of randomShape(random)) {
      const row = random.below(resources.length);
      let span = smallSpan(random, { traceId, start, lateness, knownTraceIds: traceIds }, shaped);
      // Which of two spans with equal id, start, service and name comes first is not defined.
      const identity = () => `${span.spanId} ${span.startTimeUnixNano} ${serviceName(resources[row])} ${span.name}`;
      while (told.has(identity())) span = movedBy(span, MINUTE_NANO);
      told.add(identity());
      spansOf[row][random.below(SCOPES.length)].push(span);
    }
  }
  return { resourceSpans: resources.map((resource, row) => resourceSpans(resource, spansOf[row])) };
}

/** Now and then one that is short without its leading zeros. */
function smallTraceId(random: Random): TraceId {
  return (random.chance(0.85) ? random.hex(32) : `1${random.hex(random.between(6, 30))}`.padStart(32, '0')) as TraceId;
}

function movedBy(span: Span, nanos: bigint): Span {
  const moved = (unixNano: bigint): bigint => BigInt.asUintN(64, unixNano + nanos);
  return {
    ...span,
    startTimeUnixNano: moved(span.startTimeUnixNano),
    endTimeUnixNano: moved(span.endTimeUnixNano),
    events: span.events.map((event) => ({ ...event, timeUnixNano: moved(event.timeUnixNano) })),
  };
}

function resourceSpans(resource: Resource, spansByScope: readonly (readonly Span[])[]): ResourceSpans {
  const scopeSpans = SCOPES.map((scope, row) => ({ scope, spans: spansByScope[row], schemaUrl: '' }));
  return { resource, scopeSpans: scopeSpans.filter(({ spans }) => spans.length > 0), schemaUrl: '' };
}
