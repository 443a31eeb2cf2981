/** Traces of a shop as its SDKs would send them: whole trees, several services, about 600 bytes a span. */
import type { Resource, ResourceSpans, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { Random } from './random.ts';
import { generateRealisticResource, SHOP_SERVICES } from './realistic-resource.ts';
import { generateRealisticSpan } from './realistic-span.ts';

export interface RealisticTracesOptions {
  readonly seed: number;
  /** Number of traces. */
  readonly traces: number;
  /** Spans of each trace, at most (at least 1). Default 12; sizes vary from 1 to this. */
  readonly maxSpansPerTrace?: number;
  /** Service instances that send; default 4. */
  readonly resources?: number;
  /** Start of the first trace, nanoseconds since 1970. Default 2025-10-09T08:53:20Z. */
  readonly startTimeUnixNano?: bigint;
  /** The traces' starts are spread evenly over this many nanoseconds. Default one second. */
  readonly spreadNano?: bigint;
}

const DEFAULT_START_UNIX_NANO = 1_760_000_000_000_000_000n;
const SCOPES = [
  ['io.opentelemetry.tomcat-10.0', '2.10.0-alpha'],
  ['@opentelemetry/instrumentation-http', '0.57.0'],
  ['go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc', '0.58.0'],
  ['io.opentelemetry.jdbc', '2.10.0-alpha'],
  ['@opentelemetry/instrumentation-redis-4', '0.46.0'],
] as const;
const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.27.0';

interface Sender {
  readonly service: string;
  readonly resource: Resource;
  /** One list for each of its scopes. */
  readonly scopes: { readonly name: string; readonly version: string; readonly spans: Span[] }[];
}

/** Every parent is in its trace and begins no later than its children; each trace has one root. */
export function generateRealisticTraces(options: RealisticTracesOptions): TraceData {
  const random = new Random(options.seed);
  const senders = generateSenders(random, options.resources ?? 4);
  for (let i = 0; i < options.traces; i++) {
    addTrace(random, senders, random.between(1, options.maxSpansPerTrace ?? 12), traceStart(options, i));
  }
  return traceDataOf(senders);
}

export interface RequestBody {
  /** An uncompressed OTLP protobuf export request. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly spanCount: number;
}

export interface RequestBodiesOptions extends Omit<RealisticTracesOptions, 'traces' | 'maxSpansPerTrace'> {
  /** Number of bodies. */
  readonly bodies: number;
  /** Spans in each body, exactly. */
  readonly spansPerBody: number;
}

/** Ready request bodies; body i depends on seed and i alone. The traces of a body are whole. */
export function generateRequestBodies(options: RequestBodiesOptions): RequestBody[] {
  return Array.from({ length: options.bodies }, (_, i) => {
    const random = new Random(options.seed + i * 0x9e3779b9);
    const senders = generateSenders(random, options.resources ?? 4);
    let left = options.spansPerBody;
    const traces = Math.ceil(left / 6);
    for (let trace = 0; left > 0; trace++) {
      const size = Math.min(left, random.between(1, 12));
      addTrace(random, senders, size, traceStart({ ...options, traces }, trace % traces));
      left -= size;
    }
    return { body: encodeOtlpProtobuf(traceDataOf(senders)), spanCount: options.spansPerBody };
  });
}

function traceStart(options: RealisticTracesOptions, index: number): bigint {
  const spread = options.spreadNano ?? 1_000_000_000n;
  return (options.startTimeUnixNano ?? DEFAULT_START_UNIX_NANO) + (spread * BigInt(index)) / BigInt(options.traces);
}

function generateSenders(random: Random, count: number): Sender[] {
  return Array.from({ length: count }, (_, i) => {
    const service = SHOP_SERVICES[i % SHOP_SERVICES.length];
    const scopes = random.list(1, 3, () => {
      const [name, version] = random.pick(SCOPES);
      return { name, version, spans: [] as Span[] };
    });
    return { service, resource: generateRealisticResource(random, service), scopes };
  });
}

/** A random tree: each later span hangs below an earlier one and lies within its time. */
function addTrace(random: Random, senders: readonly Sender[], size: number, start: bigint): void {
  const traceId = random.hex(32) as TraceId;
  const spans: { spanId: SpanId; start: bigint; duration: bigint }[] = [];
  for (let i = 0; i < size; i++) {
    const parent = i === 0 ? undefined : spans[random.below(spans.length)];
    const place = parent === undefined ? { start, duration: rootDuration(random) } : withinParent(random, parent);
    const spanId = random.hex(16) as SpanId;
    const sender = senders[random.below(senders.length)];
    const scope = sender.scopes[random.below(sender.scopes.length)];
    spans.push({ spanId, ...place });
    scope.spans.push(
      generateRealisticSpan(random, {
        traceId,
        spanId,
        parentSpanId: parent?.spanId ?? ('' as SpanId),
        service: sender.service,
        startTimeUnixNano: place.start,
        endTimeUnixNano: place.start + place.duration,
      }),
    );
  }
}

/** 10 µs to 80 ms, most of them short. */
function rootDuration(random: Random): bigint {
  return BigInt(Math.floor(Math.exp(random.float() * 9) * 1e4) + random.below(1000));
}

function withinParent(
  random: Random,
  parent: { start: bigint; duration: bigint },
): { start: bigint; duration: bigint } {
  const available = Number(parent.duration);
  const offset = random.below(available / 2);
  const duration = random.below(available - offset);
  return { start: parent.start + BigInt(offset), duration: BigInt(duration) };
}

function traceDataOf(senders: readonly Sender[]): TraceData {
  return {
    resourceSpans: senders.map(
      (sender): ResourceSpans => ({
        resource: sender.resource,
        scopeSpans: sender.scopes.map((scope) => ({
          scope: { name: scope.name, version: scope.version, attributes: [], droppedAttributesCount: 0 },
          spans: scope.spans,
          schemaUrl: SCHEMA_URL,
        })),
        schemaUrl: SCHEMA_URL,
      }),
    ),
  };
}
