/**
 * A ready request body that can be made new in place: other ids, other times, same shape. A few hundred nanoseconds
 * a span, so that the generator takes little of the machine that is being measured.
 */
import { SPAN_WIRE, SPAN_WORDS, SpanBatch } from '@clew/model';
import type { RequestBody } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';

/** Field numbers of opentelemetry.proto.trace.v1.Span and of its Event. */
const TRACE_ID = 1;
const SPAN_ID = 2;
const PARENT_SPAN_ID = 4;
const START_TIME = 7;
const END_TIME = 8;
const EVENTS = 11;
const EVENT_TIME = 1;

/** Four for trace ids, two for span ids. */
export const MASK_WORDS = 6;

export class RequestTemplate {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly spanCount: number;
  readonly #view: DataView<ArrayBuffer>;
  /** Offsets of trace ids, of span ids and parent span ids, and of times in the body. */
  readonly #traceIds: Uint32Array;
  readonly #spanIds: Uint32Array;
  readonly #times: Uint32Array;
  /** What the times in the body are relative to. */
  #baseUnixNano: bigint;
  /** What the ids in the body differ by from those it was made with. */
  readonly #appliedMask = new Int32Array(MASK_WORDS);
  /** Spans of the trace that the first span belongs to. */
  readonly firstTraceSpans: number;

  /** `baseUnixNano`: the start of the body's earliest trace. */
  constructor({ body, spanCount }: RequestBody, baseUnixNano: bigint) {
    this.body = body;
    this.spanCount = spanCount;
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#baseUnixNano = baseUnixNano;
    const traceIds: number[] = [];
    const spanIds: number[] = [];
    const times: number[] = [];
    const batch = new SpanBatch();
    // A copy: the batch keeps what it decodes.
    decodeOtlpProtobuf(batch, body.slice(), DEFAULT_DECODE_LIMITS);
    for (let row = 0; row < batch.spanCount; row++) {
      const wire = row * SPAN_WORDS + SPAN_WIRE;
      forEachField(body, batch.spans[wire], batch.spans[wire + 1], (field, offset, length) => {
        if (field === TRACE_ID && length === 16) traceIds.push(offset);
        else if ((field === SPAN_ID || field === PARENT_SPAN_ID) && length === 8) spanIds.push(offset);
        else if (field === START_TIME || field === END_TIME) times.push(offset);
        else if (field === EVENTS) {
          forEachField(body, offset, length, (eventField, eventOffset) => {
            if (eventField === EVENT_TIME) times.push(eventOffset);
          });
        }
      });
    }
    if (traceIds.length !== spanCount || batch.spanCount !== spanCount) {
      throw new Error(`request template: ${traceIds.length} trace ids found (expected ${spanCount}).`);
    }
    const firstTraceId = body.subarray(traceIds[0], traceIds[0] + 16);
    this.firstTraceSpans = traceIds.filter(
      (at) => Buffer.compare(body.subarray(at, at + 16), firstTraceId) === 0,
    ).length;
    this.#traceIds = Uint32Array.from(traceIds);
    this.#spanIds = Uint32Array.from(spanIds);
    this.#times = Uint32Array.from(times);
  }

  /** 32 hex digits: id of the trace that the first span belongs to, whole in this body. */
  get firstTraceId(): string {
    return Buffer.from(this.body.subarray(this.#traceIds[0], this.#traceIds[0] + 16)).toString('hex');
  }

  /**
   * Gives every trace and span another random id and moves all times. One random mask a request, so equal ids stay
   * equal and different ones different, parents stay parents, and the ids are as random as before: nothing that
   * would help a compressor. `mask`: MASK_WORDS random words; the same mask and time give the same body again.
   */
  renew(baseUnixNano: bigint, mask: Int32Array): void {
    const view = this.#view;
    const [a, b, c, d, e, f] = mask.map((word, i) => word ^ this.#appliedMask[i]);
    this.#appliedMask.set(mask);
    for (const offset of this.#traceIds) {
      view.setInt32(offset, view.getInt32(offset) ^ a);
      view.setInt32(offset + 4, view.getInt32(offset + 4) ^ b);
      view.setInt32(offset + 8, view.getInt32(offset + 8) ^ c);
      view.setInt32(offset + 12, view.getInt32(offset + 12) ^ d);
    }
    for (const offset of this.#spanIds) {
      view.setInt32(offset, view.getInt32(offset) ^ e);
      view.setInt32(offset + 4, view.getInt32(offset + 4) ^ f);
    }
    const shift = baseUnixNano - this.#baseUnixNano;
    this.#baseUnixNano = baseUnixNano;
    const low = Number(BigInt.asUintN(32, shift));
    const high = Number(BigInt.asUintN(32, shift >> 32n));
    for (const offset of this.#times) {
      const sum = view.getUint32(offset, true) + low;
      view.setUint32(offset, sum, true);
      view.setUint32(offset + 4, view.getUint32(offset + 4, true) + high + (sum > 0xffff_ffff ? 1 : 0), true);
    }
  }
}

/** Walks a protobuf message; `offset` and `length` are those of the field's content. */
function forEachField(
  bytes: Uint8Array,
  start: number,
  length: number,
  visit: (field: number, offset: number, length: number) => void,
): void {
  const end = start + length;
  let at = start;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; at < end; shift += 7) {
      const byte = bytes[at++];
      // Times: lengths and tags fit into doubles exactly, int64 values are skipped unread.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < end) {
    const tag = readVarint();
    const type = tag & 7;
    let size: number;
    if (type === 0) {
      const from = at;
      readVarint();
      size = at - from;
      at = from;
    } else if (type === 1) size = 8;
    else if (type === 2) size = readVarint();
    else if (type === 5) size = 4;
    else throw new Error(`request template: wire type ${type} at byte ${at}.`);
    visit(tag >>> 3, at, size);
    at += size;
  }
}
