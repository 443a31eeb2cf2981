/** What was decoded, in a few numbers: enough to tell that every field of every span was read, and rightly. */
import { ATTRIBUTE_KEY_TYPE, ATTRIBUTE_VALUE, ATTRIBUTE_WORDS, type SpanBatch } from '@clew/model';
import {
  EVENT_TIME,
  EVENT_WORDS,
  SPAN_DROPPED_ATTRIBUTES,
  SPAN_END,
  SPAN_ID,
  SPAN_KIND,
  SPAN_NAME,
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_WORDS,
  TYPE_INT,
  TYPE_STRING,
} from '@clew/model/span-batch';

export interface OtlpChecksum {
  readonly spans: number;
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
  /** Sums modulo 2³²: of the low words of start and end, of event times and span ids. */
  readonly times: number;
  readonly eventTimes: number;
  readonly ids: number;
  /** Of kinds, status codes and dropped counts. */
  readonly numbers: number;
  /** Bytes of all span names, of the keys of all span attributes, and of those that are strings. */
  readonly nameBytes: number;
  readonly keyBytes: number;
  readonly stringBytes: number;
  /** Sum of the low words of integer attributes. */
  readonly integers: number;
}

/** A request as protobufjs and @bufbuild/protobuf both have it, as far as it is looked at here. */
export interface OtlpRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}
/** A Long or a bigint. */
interface Int64 {
  toString(): string;
}
interface OtlpSpan {
  readonly spanId: Uint8Array;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: Int64;
  readonly endTimeUnixNano: Int64;
  readonly attributes: readonly { readonly key: string; readonly value?: OtlpValue | null }[];
  readonly droppedAttributesCount: number;
  readonly events: readonly { readonly timeUnixNano: Int64 }[];
  readonly links: readonly unknown[];
  readonly status?: { readonly code: number } | null;
}
/** protobufjs has a member for each field, @bufbuild/protobuf one for the oneof. */
interface OtlpValue {
  readonly stringValue?: string | null;
  readonly intValue?: Int64 | null;
  readonly value?: string | { readonly case: string | undefined; readonly value?: unknown };
}

export function checksumOfRequest(request: OtlpRequest): OtlpChecksum {
  const sum = { ...NOTHING };
  for (const { scopeSpans } of request.resourceSpans) {
    for (const { spans } of scopeSpans) for (const span of spans) addSpan(sum, span);
  }
  return wrapped(sum);
}

type Sums = { -readonly [K in keyof OtlpChecksum]: OtlpChecksum[K] };
const NOTHING: OtlpChecksum = {
  spans: 0,
  attributes: 0,
  events: 0,
  links: 0,
  times: 0,
  eventTimes: 0,
  ids: 0,
  numbers: 0,
  nameBytes: 0,
  keyBytes: 0,
  stringBytes: 0,
  integers: 0,
};

function addSpan(sum: Sums, span: OtlpSpan): void {
  sum.spans++;
  sum.attributes += span.attributes.length;
  sum.events += span.events.length;
  sum.links += span.links.length;
  sum.times += lowWord(span.startTimeUnixNano) + lowWord(span.endTimeUnixNano);
  for (const event of span.events) sum.eventTimes += lowWord(event.timeUnixNano);
  sum.ids += Buffer.from(span.spanId).readUInt32LE(0);
  sum.numbers += span.kind + (span.status?.code ?? 0) + span.droppedAttributesCount;
  sum.nameBytes += Buffer.byteLength(span.name);
  for (const { key, value } of span.attributes) {
    sum.keyBytes += Buffer.byteLength(key);
    const chosen = typeof value?.value === 'object' ? value.value : undefined;
    const text = chosen === undefined ? value?.stringValue : chosen.case === 'stringValue' ? chosen.value : undefined;
    const integer = chosen === undefined ? value?.intValue : chosen.case === 'intValue' ? chosen.value : undefined;
    const isText = chosen === undefined ? value?.value === 'stringValue' : chosen.case === 'stringValue';
    const isInteger = chosen === undefined ? value?.value === 'intValue' : chosen.case === 'intValue';
    if (isText) sum.stringBytes += Buffer.byteLength(text as string);
    if (isInteger) sum.integers += lowWord(integer as Int64);
  }
}

function lowWord(value: Int64): number {
  return Number(BigInt.asUintN(32, BigInt(value.toString())));
}

export function checksumOfBatch(batch: SpanBatch): OtlpChecksum {
  const { spans, attributes, events, dictionary } = batch;
  const sum = { ...NOTHING };
  sum.spans = batch.spanCount;
  sum.attributes = batch.attributeCount;
  sum.events = batch.eventCount;
  sum.links = batch.linkCount;
  for (let at = 0; at < batch.spanCount * SPAN_WORDS; at += SPAN_WORDS) {
    sum.times += (spans[at + SPAN_START] >>> 0) + (spans[at + SPAN_END] >>> 0);
    sum.ids += spans[at + SPAN_ID] >>> 0;
    sum.numbers += spans[at + SPAN_KIND] + spans[at + SPAN_STATUS_CODE] + spans[at + SPAN_DROPPED_ATTRIBUTES];
    sum.nameBytes += dictionary.lengths[spans[at + SPAN_NAME]];
  }
  for (let at = 0; at < batch.eventCount * EVENT_WORDS; at += EVENT_WORDS)
    sum.eventTimes += events[at + EVENT_TIME] >>> 0;
  for (let at = 0; at < batch.attributeCount * ATTRIBUTE_WORDS; at += ATTRIBUTE_WORDS) {
    const keyType = attributes[at + ATTRIBUTE_KEY_TYPE];
    sum.keyBytes += dictionary.lengths[keyType >>> 4];
    if ((keyType & 15) === TYPE_STRING) sum.stringBytes += attributes[at + ATTRIBUTE_VALUE + 1];
    if ((keyType & 15) === TYPE_INT) sum.integers += attributes[at + ATTRIBUTE_VALUE] >>> 0;
  }
  return wrapped(sum);
}

function wrapped(sum: OtlpChecksum): OtlpChecksum {
  const entries = Object.entries(sum).map(([name, value]) => [name, value % 2 ** 32]);
  return Object.fromEntries(entries) as OtlpChecksum;
}
