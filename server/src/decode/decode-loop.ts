/** A worker's day: bodies in, one block out for everything that was waiting. */
import { performance } from 'node:perf_hooks';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Dictionary, SpanBatch } from '@clew/model';
import { SpareBuffers } from '@clew/model/spare-buffers';
import { DecodeError } from '@clew/wire/otlp/decode-error';
import type { JournalEntry } from '../journal/entry.ts';
import type { IngestOutcome } from '../receive/ingest.ts';
import type { Decompress } from './decompress.ts';
import { DecompressError } from './decompress-error.ts';
import type {
  BlockDone,
  FromWorker,
  LimitHit,
  ToWorker,
  WorkAnswer,
  WorkerLimits,
  WorkRequest,
} from './worker-messages.ts';

/** Makes blocks of batches: the store's SpanBlockEncoder. */
export interface BlockEncoder {
  readonly spanCount: number;
  /** When it throws, the block is unusable and is to be discarded. */
  add(batch: SpanBatch, tenant: string, receivedUnixMs: number): void;
  /** The entry's bytes belong to the caller. @param allocate memory of at least so many bytes, of any content. */
  finish(allocate: (byteLength: number) => ArrayBuffer): JournalEntry & { readonly token: number };
  discard(): void;
  /** The entry is in the journal. Entries may be confirmed or forgotten late and in any order. */
  confirm(token: number): void;
  forget(token: number): void;
  /** Whether the interned names have grown past their limit. */
  readonly needsReset: boolean;
  /** Forgets the interned names; between blocks only. */
  reset(): void;
}

/** The dropped spans of one request. */
export interface ProcessResult {
  readonly total: number;
  readonly counts: ReadonlyMap<string, number>;
  message(spansInRequest: number): string;
}

export interface DecodeLoopParts {
  readonly port: MessagePort;
  readonly limits: WorkerLimits;
  readonly decompress: Decompress;
  /** Fills the batch from a request's bytes; throws DecodeError. */
  readonly decode: (batch: SpanBatch, format: WorkRequest['format'], body: Uint8Array) => void;
  /** Largest body of a tenant after decompression, in bytes. */
  readonly maxBodyBytesOf: (tenant: string) => number;
  /** Takes the spans of a request from its tenant's rate; a refusal when there is none left. */
  readonly takeSpans: (request: WorkRequest, spans: number) => IngestOutcome | undefined;
  /** Changes the batch; the result is only read before the next call. */
  readonly process: (batch: SpanBatch, tenant: string) => ProcessResult;
  /** What limits have cost since the last call. */
  readonly takeLimitHits: () => readonly LimitHit[];
  readonly encoder: BlockEncoder;
  /** The encoder's, for the batches. */
  readonly dictionary: Dictionary;
}

/** Memory of blocks kept by a worker: two or three blocks of a busy one. */
const MAX_SPARE_BYTES = 4 * 2 ** 20;

export class DecodeLoop {
  readonly #parts: DecodeLoopParts;
  #batch: SpanBatch;

  // The block being made.
  #answers: WorkAnswer[] = [];
  #rejected = new Map<string, number>();
  #bodies: ArrayBuffer[] = [];
  #decompressedBytes = 0;
  #startedMs = 0;

  readonly #blockMemory = new SpareBuffers(MAX_SPARE_BYTES);
  readonly #allocateBlock = (byteLength: number): ArrayBuffer => {
    const size = this.#blockMemory.sizeFor(byteLength);
    return this.#blockMemory.take(size) ?? new ArrayBuffer(size);
  };

  constructor(parts: DecodeLoopParts) {
    this.#parts = parts;
    this.#batch = new SpanBatch(parts.dictionary);
  }

  /** Works until the port closes. */
  start(): void {
    const { port } = this.#parts;
    port.on('message', (message: ToWorker) => this.#drain(message));
    this.#post({ kind: 'ready' });
  }

  /** Takes everything that waits: the more there is, the larger (and cheaper) the block. */
  #drain(first: ToWorker): void {
    let message: ToWorker | undefined = first;
    while (message !== undefined) {
      if (message.kind === 'requests') {
        for (const request of message.requests) {
          this.#work(request);
          if (this.#isBlockFull()) this.#finishBlock();
        }
      } else {
        if (message.journaled) this.#parts.encoder.confirm(message.token);
        else this.#parts.encoder.forget(message.token);
        if (message.spare !== undefined) this.#blockMemory.give(message.spare);
      }
      const next: { message: ToWorker } | undefined = receiveMessageOnPort(this.#parts.port);
      message = next?.message;
    }
    this.#finishBlock();
  }

  #work(request: WorkRequest): void {
    if (this.#answers.length === 0) this.#startedMs = performance.now();
    // First the outcome: a failing encoder replaces the answers so far.
    const outcome = this.#outcomeOf(request);
    this.#answers.push({ id: request.id, outcome });
    // The batch has copied what it needs.
    this.#bodies.push(request.body.buffer);
    if (this.#batch.heldBytes > this.#parts.limits.maxIdleBatchBytes) {
      this.#batch = new SpanBatch(this.#batch.dictionary);
    }
  }

  #outcomeOf(request: WorkRequest): IngestOutcome {
    const batch = this.#batch;
    let message: string;
    let rejectedSpans: number;
    try {
      this.#decode(request, batch);
      const spansInRequest = batch.spanCount;
      const refusal = this.#parts.takeSpans(request, spansInRequest);
      if (refusal !== undefined) return refusal;
      const result = this.#parts.process(batch, request.tenant);
      rejectedSpans = result.total;
      message = result.message(spansInRequest);
      for (const [reason, spans] of result.counts) {
        this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + spans);
      }
    } catch (error) {
      return this.#failureOf(error);
    }
    const acceptedSpans = batch.spanCount;
    if (acceptedSpans > 0 && !this.#tryAdd(batch, request)) {
      return { kind: 'failed', message: "encoding failed by a mistake of Clew's. Retry." };
    }
    return { kind: 'accepted', acceptedSpans, rejectedSpans, message };
  }

  /** False when the encoder failed, which costs every request of the block its place. */
  #tryAdd(batch: SpanBatch, request: WorkRequest): boolean {
    const { encoder } = this.#parts;
    try {
      encoder.add(batch, request.tenant, request.receivedUnixMs);
      return true;
    } catch (error) {
      encoder.discard();
      this.#complain(error);
      const outcome: IngestOutcome = {
        kind: 'failed',
        message: 'the block of this request could not be encoded. Retry.',
      };
      this.#answers = this.#answers.map((answer) =>
        answer.outcome.kind === 'accepted' && answer.outcome.acceptedSpans > 0 ? { id: answer.id, outcome } : answer,
      );
      return false;
    }
  }

  #decode(request: WorkRequest, batch: SpanBatch): void {
    const { decompress, decode, maxBodyBytesOf } = this.#parts;
    const body = decompress(request.body, request.compression, maxBodyBytesOf(request.tenant));
    this.#decompressedBytes += body.length;
    decode(batch, request.format, body);
  }

  #failureOf(error: unknown): IngestOutcome {
    if (error instanceof DecodeError) return { kind: 'invalid', message: error.message };
    if (error instanceof DecompressError) {
      return { kind: error.code === 'BODY_TOO_LARGE' ? 'too-large' : 'invalid', message: error.message };
    }
    this.#complain(error);
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message: `decoding failed by a mistake of Clew's: ${message}` };
  }

  #complain(error: unknown): void {
    this.#post({ kind: 'complaint', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  #isBlockFull(): boolean {
    if (this.#answers.length === 0) return false;
    const { limits, encoder } = this.#parts;
    return (
      encoder.spanCount >= limits.maxBlockSpans ||
      this.#decompressedBytes >= limits.maxBlockBytes ||
      encoder.needsReset ||
      performance.now() - this.#startedMs >= limits.maxBlockAgeMs
    );
  }

  #finishBlock(): void {
    if (this.#answers.length === 0) return;
    const { encoder } = this.#parts;
    const encoded = encoder.spanCount > 0 ? encoder.finish(this.#allocateBlock) : undefined;
    // Between blocks nothing refers to the ids of interned names.
    const { needsReset } = encoder;
    if (needsReset) encoder.reset();
    const done: BlockDone = {
      kind: 'block',
      token: encoded?.token ?? 0,
      entry: encoded && { spanCount: encoded.spanCount, blocks: encoded.blocks },
      answers: this.#answers,
      bodies: this.#bodies,
      decodeSeconds: (performance.now() - this.#startedMs) / 1000,
      decompressedBytes: this.#decompressedBytes,
      rejectedSpans: this.#rejected,
      dictionaryReset: needsReset,
      limitHits: this.#parts.takeLimitHits(),
    };
    this.#answers = [];
    this.#rejected = new Map();
    this.#bodies = [];
    this.#decompressedBytes = 0;
    this.#post(done, encoded === undefined ? [...done.bodies] : [...done.bodies, ...buffersOf(encoded)]);
  }

  #post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#parts.port.postMessage(message, transfer);
  }
}

function buffersOf(entry: JournalEntry): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const block of entry.blocks) if (block.bytes.buffer instanceof ArrayBuffer) buffers.add(block.bytes.buffer);
  return [...buffers];
}
