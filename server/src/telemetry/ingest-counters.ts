/** Running totals of the ingest side for the status page, beside the Prometheus metrics it passes everything on to. */
import type { DropReason, IngestMetrics, IngestTransport, ListeningPort, RefusalReason } from './ingest-metrics.ts';
import type { LimitName } from './limit-metrics.ts';

const RATE_WINDOW_SECONDS = 10;

export class IngestCounters implements IngestMetrics {
  readonly #next: IngestMetrics;
  readonly #now: () => number;
  /** Accepted spans of each second of the window, by second modulo its length. */
  readonly #perSecond = new Float64Array(RATE_WINDOW_SECONDS);
  #second = 0;
  receivedSpans = 0;
  acceptedSpans = 0;
  rejectedSpans = 0;
  refusedRequests = 0;

  constructor(next: IngestMetrics, now: () => number = Date.now) {
    this.#next = next;
    this.#now = now;
    this.#second = Math.floor(now() / 1000);
  }

  /** Spans accepted per second over the last ten seconds. */
  acceptedPerSecond(): number {
    this.#advance();
    let sum = 0;
    for (const count of this.#perSecond) sum += count;
    return sum / RATE_WINDOW_SECONDS;
  }

  requestReceived(transport: IngestTransport, compression: string, bodyBytes: number): void {
    this.#next.requestReceived(transport, compression, bodyBytes);
  }

  requestAccepted(transport: IngestTransport, accepted: number, rejected: number, durationSeconds: number): void {
    this.#advance();
    this.receivedSpans += accepted + rejected;
    this.acceptedSpans += accepted;
    this.rejectedSpans += rejected;
    this.#perSecond[this.#second % RATE_WINDOW_SECONDS] += accepted;
    this.#next.requestAccepted(transport, accepted, rejected, durationSeconds);
  }

  requestRefused(transport: IngestTransport, reason: RefusalReason): void {
    this.refusedRequests++;
    this.#next.requestRefused(transport, reason);
  }

  connectionDropped(port: ListeningPort, reason: DropReason): void {
    this.#next.connectionDropped(port, reason);
  }

  receivingBytesChanged(bytes: number): void {
    this.#next.receivingBytesChanged(bytes);
  }

  inFlightChanged(requests: number, bytes: number): void {
    this.#next.inFlightChanged(requests, bytes);
  }

  blockEncoded(spans: number, encodedBytes: number, requests: number, decodeSeconds: number): void {
    this.#next.blockEncoded(spans, encodedBytes, requests, decodeSeconds);
  }

  bytesDecompressed(bytes: number): void {
    this.#next.bytesDecompressed(bytes);
  }

  spansRejected(reason: string, spans: number): void {
    this.#next.spansRejected(reason, spans);
  }

  workerReplaced(reason: 'crash' | 'stall'): void {
    this.#next.workerReplaced(reason);
  }

  dictionaryReset(): void {
    this.#next.dictionaryReset();
  }

  limitHit(limit: LimitName, tenant: string, count: number): void {
    this.#next.limitHit(limit, tenant, count);
  }

  tenantsTracked(count: number): void {
    this.#next.tenantsTracked(count);
  }

  #advance(): void {
    const second = Math.floor(this.#now() / 1000);
    const passed = second - this.#second;
    // A clock set back starts the window anew.
    if (passed < 0 || passed >= RATE_WINDOW_SECONDS) this.#perSecond.fill(0);
    else for (let s = this.#second + 1; s <= second; s++) this.#perSecond[s % RATE_WINDOW_SECONDS] = 0;
    this.#second = second;
  }
}
