/** Bodies to send, one after another, each with ids of its own. */
import { randomFillSync } from 'node:crypto';
import { SpanBatch } from '@clew/model';
import { Random } from '@clew/testkit/random';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { compressBody } from './body-compression.ts';
import type { BodyForm, LoadOrder, SentTrace } from './load-messages.ts';
import { MASK_WORDS, type RequestTemplate } from './request-template.ts';

export interface OutgoingRequest {
  readonly body: Uint8Array;
  readonly spanCount: number;
  /** Its first trace, whole. */
  readonly trace: () => SentTrace;
  /** To be called when the body is not read any more. */
  readonly release: () => void;
}

export interface RequestSource {
  take(): OutgoingRequest;
}

/** Traces of a request start within this time before it is made. */
export const SPREAD_NANO = 1_000_000_000n;
const MAX_PREPARED_BYTES = 2 ** 30;
const NOTHING = (): void => undefined;

/** As they are and as fresh as can be: each template is in one request at a time, taken in turn. */
export class FreshRequests implements RequestSource {
  readonly #free: RequestTemplate[];
  readonly #mask = new Int32Array(MASK_WORDS);

  constructor(templates: readonly RequestTemplate[]) {
    this.#free = [...templates];
  }

  take(): OutgoingRequest {
    const template = this.#free.shift();
    if (template === undefined) throw new Error('more requests in flight than templates.');
    template.renew(BigInt(Date.now()) * 1_000_000n - SPREAD_NANO, randomFillSync(this.#mask));
    return {
      body: template.body,
      spanCount: template.spanCount,
      trace: () => ({ traceId: template.firstTraceId, spans: template.firstTraceSpans }),
      release: () => this.#free.push(template),
    };
  }
}

/** Made beforehand, for bodies that take time to make or that must be the same again. Each is taken once. */
export class PreparedRequests implements RequestSource {
  readonly #requests: readonly OutgoingRequest[];
  #next = 0;

  constructor(requests: readonly OutgoingRequest[]) {
    this.#requests = requests;
  }

  take(): OutgoingRequest {
    const request = this.#requests[this.#next++];
    if (request === undefined) throw new Error(`more than the ${this.#requests.length} requests prepared are wanted.`);
    return request;
  }
}

export async function prepareRequests(
  templates: readonly RequestTemplate[],
  { requests, form, replay }: LoadOrder,
): Promise<PreparedRequests> {
  const random = replay === undefined ? undefined : new Random(replay.seed);
  const baseUnixNano = BigInt(replay?.startUnixMs ?? Date.now()) * 1_000_000n - SPREAD_NANO;
  const mask = new Int32Array(MASK_WORDS);
  const prepared: OutgoingRequest[] = [];
  let bytes = 0;
  for (let i = 0; i < requests; i++) {
    const template = templates[i % templates.length];
    if (random === undefined) randomFillSync(mask);
    else for (let word = 0; word < MASK_WORDS; word++) mask[word] = random.below(2 ** 32);
    template.renew(baseUnixNano, mask);
    const body = await bodyOf(template, form);
    bytes += body.byteLength;
    if (bytes > MAX_PREPARED_BYTES) {
      throw new Error(`${requests} requests: over ${MAX_PREPARED_BYTES} bytes to prepare. Send fewer spans.`);
    }
    const trace: SentTrace = { traceId: template.firstTraceId, spans: template.firstTraceSpans };
    prepared.push({ body, spanCount: template.spanCount, trace: () => trace, release: NOTHING });
  }
  return new PreparedRequests(prepared);
}

/** Never the template's own buffer. */
async function bodyOf(template: RequestTemplate, { encoding, compression }: BodyForm): Promise<Uint8Array> {
  let body: Uint8Array = template.body;
  if (encoding === 'json') {
    const batch = new SpanBatch();
    decodeOtlpProtobuf(batch, template.body.slice(), DEFAULT_DECODE_LIMITS);
    body = writeOtlpJson(traceDataFromBatch(batch));
  }
  if (compression !== 'none') return compressBody(body, compression);
  return body === template.body ? body.slice() : body;
}
