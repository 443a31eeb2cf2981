/** A worker's day: bodies in, one block out for everything that was waiting. */
import { performance } from 'node:perf_hooks';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { SpanBatch } from '@clew/model';
import { DecodeError } from '@clew/wire/otlp/decode-error';
import type { JournalEntry } from '../journal/entry.ts';
import type { IngestOutcome } from '../receive/ingest.ts';
import type { Decompress } from './decompress.ts';
import { DecompressError } from './decompress-error.ts';
import type { BlockDone, FromWorker, ToWorker, WorkAnswer, WorkerLimits, WorkRequest } from './worker-messages.ts';

/** Makes blocks of batches. What it returns from `finish` belongs to the caller. */
export interface BlockEncoder {
  add(batch: SpanBatch, tenant: string, receivedUnixMs: number): void;
  finish(): JournalEntry;
  /** The entry is in the journal; entries are confirmed or discarded in any order. */
  confirm(entryId: number): void;
  discard(entryId: number): void;
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
  /** Changes the batch; the result is only read before the next call. */
  readonly process: (batch: SpanBatch) => ProcessResult;
  readonly encoder: BlockEncoder;
}

export class DecodeLoop {
  readonly #parts: DecodeLoopParts;
  #batch = new SpanBatch();
  #lastEntryId = 0;

  // The block being made.
  #answers: WorkAnswer[] = [];
  #rejected = new Map<string, number>();
  #spans = 0;
  #decompressedBytes = 0;
  #startedMs = 0;

  constructor(parts: DecodeLoopParts) {
    this.#parts = parts;
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
      if (message.kind === 'request') this.#work(message);
      else if (message.journaled) this.#parts.encoder.confirm(message.entryId);
      else this.#parts.encoder.discard(message.entryId);
      if (this.#isBlockFull()) this.#finishBlock();
      const next: { message: ToWorker } | undefined = receiveMessageOnPort(this.#parts.port);
      message = next?.message;
    }
    this.#finishBlock();
  }

  #work(request: WorkRequest): void {
    if (this.#answers.length === 0) this.#startedMs = performance.now();
    this.#answers.push({ id: request.id, outcome: this.#outcomeOf(request) });
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
      const result = this.#parts.process(batch);
      rejectedSpans = result.total;
      message = result.message(spansInRequest);
      for (const [reason, spans] of result.counts) {
        this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + spans);
      }
    } catch (error) {
      return this.#failureOf(error);
    }
    const acceptedSpans = batch.spanCount;
    if (acceptedSpans > 0) {
      // Throws only by a mistake of ours, and then the half-written block is worth nothing: the worker dies of it.
      this.#parts.encoder.add(batch, request.tenant, request.receivedUnixMs);
      this.#spans += acceptedSpans;
    }
    return { kind: 'accepted', acceptedSpans, rejectedSpans, message };
  }

  #decode(request: WorkRequest, batch: SpanBatch): void {
    const { decompress, decode, limits } = this.#parts;
    const body = decompress(request.body, request.compression, limits.maxBodyBytes);
    this.#decompressedBytes += body.length;
    decode(batch, request.format, body);
  }

  #failureOf(error: unknown): IngestOutcome {
    if (error instanceof DecodeError) return { kind: 'invalid', message: error.message };
    if (error instanceof DecompressError) {
      return { kind: error.code === 'BODY_TOO_LARGE' ? 'too-large' : 'invalid', message: error.message };
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#post({ kind: 'complaint', message: error instanceof Error ? (error.stack ?? message) : message });
    return { kind: 'failed', message: `decoding failed by a mistake of Clew's: ${message}` };
  }

  #isBlockFull(): boolean {
    if (this.#answers.length === 0) return false;
    const { limits } = this.#parts;
    return (
      this.#spans >= limits.maxBlockSpans ||
      this.#decompressedBytes >= limits.maxBlockBytes ||
      performance.now() - this.#startedMs >= limits.maxBlockAgeMs
    );
  }

  #finishBlock(): void {
    if (this.#answers.length === 0) return;
    const entry = this.#spans > 0 ? this.#parts.encoder.finish() : undefined;
    const entryId = ++this.#lastEntryId;
    const done: BlockDone = {
      kind: 'block',
      entryId,
      entry,
      answers: this.#answers,
      decodeSeconds: (performance.now() - this.#startedMs) / 1000,
      decompressedBytes: this.#decompressedBytes,
      rejectedSpans: this.#rejected,
      dictionaryReset: this.#resetLargeDictionary(),
    };
    this.#answers = [];
    this.#rejected = new Map();
    this.#spans = 0;
    this.#decompressedBytes = 0;
    this.#post(done, entry === undefined ? [] : buffersOf(entry));
  }

  #resetLargeDictionary(): boolean {
    const { limits } = this.#parts;
    const { dictionary } = this.#batch;
    if (dictionary.size <= limits.maxDictionaryEntries && dictionary.byteSize <= limits.maxDictionaryBytes)
      return false;
    // Between blocks nothing refers to its ids.
    dictionary.clear();
    return true;
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
