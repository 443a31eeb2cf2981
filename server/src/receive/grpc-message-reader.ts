import type { BodyAccount } from './body-budget.ts';
import { BodyCollector, type CollectResult } from './body-collector.ts';

/** Compressed flag (1 byte) and message length (4 bytes, big endian). */
const PREFIX_BYTES = 5;

export type GrpcReadResult = CollectResult | 'malformed';

/**
 * The one message of a unary call, out of DATA frames cut anywhere
 * (gRPC over HTTP2: `Length-Prefixed-Message → Compressed-Flag Message-Length Message`).
 */
export class GrpcMessageReader {
  readonly #budget: BodyAccount;
  readonly #maxBytes: number;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixLength = 0;
  #messageLength = 0;
  #collector: BodyCollector | undefined;
  /** Why the last result was `malformed`. */
  problem = '';

  constructor(budget: BodyAccount, maxBytes: number) {
    this.#budget = budget;
    this.#maxBytes = maxBytes;
  }

  get compressed(): boolean {
    return this.#prefix[0] === 1;
  }

  /** Bytes of the message that have come. */
  get length(): number {
    return this.#collector?.length ?? 0;
  }

  add(chunk: Uint8Array): GrpcReadResult {
    let offset = 0;
    if (this.#collector === undefined) {
      offset = Math.min(PREFIX_BYTES - this.#prefixLength, chunk.length);
      this.#prefix.set(chunk.subarray(0, offset), this.#prefixLength);
      this.#prefixLength += offset;
      if (this.#prefixLength < PREFIX_BYTES) return 'ok';
      const result = this.#startMessage();
      if (result !== 'ok') return result;
    }
    if (offset === chunk.length) return 'ok';
    const rest = offset === 0 ? chunk : chunk.subarray(offset);
    const collector = this.#collector;
    if (collector === undefined || collector.length + rest.length > this.#messageLength) {
      return this.#malformed('more than one message in a unary call');
    }
    return collector.add(rest);
  }

  /** To be asked once the client has finished: `ok` when exactly one whole message came. */
  end(): 'ok' | 'malformed' {
    if (this.#prefixLength === 0) return this.#malformed('no message in a unary call');
    if (this.#prefixLength < PREFIX_BYTES) return this.#malformed('the stream ended inside a message prefix');
    if (this.length < this.#messageLength) {
      return this.#malformed(`the stream ended after ${this.length} of ${this.#messageLength} message bytes`);
    }
    return 'ok';
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#collector?.take() ?? new Uint8Array(0);
  }

  /** Gives the budget back; harmless if repeated. */
  release(): void {
    this.#collector?.release();
  }

  #startMessage(): GrpcReadResult {
    const flag = this.#prefix[0] ?? 0;
    if (flag > 1) return this.#malformed(`the compressed flag of the message is ${flag} (0 or 1)`);
    this.#messageLength = new DataView(this.#prefix.buffer).getUint32(1);
    if (this.#messageLength > this.#maxBytes) return 'too-large';
    this.#collector = new BodyCollector(this.#budget, this.#maxBytes, this.#messageLength);
    return 'ok';
  }

  #malformed(problem: string): 'malformed' {
    this.problem = problem;
    return 'malformed';
  }
}
