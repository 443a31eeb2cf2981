/** What the pool and its workers say to each other. */
import type { TenantConfig, TenantLimits } from '../config/config.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { Compression, IngestOutcome, WireFormat } from '../receive/ingest.ts';
import type { LimitName } from '../telemetry/limit-metrics.ts';

export interface WorkerLimits {
  /** One body after decompression. */
  readonly maxBodyBytes: number;
  /** A block is handed over when it holds this many spans … */
  readonly maxBlockSpans: number;
  /** … or came from this many bytes of decompressed bodies … */
  readonly maxBlockBytes: number;
  /** … or its first request has waited this long. */
  readonly maxBlockAgeMs: number;
  /** Memory of the span batch beyond which it is given back after the request that needed it. */
  readonly maxIdleBatchBytes: number;
  readonly retention: Retention;
  /** The shard of each slot of trace ids (store/cluster/trace-shards.ts); absent without a cluster. */
  readonly shardSlots?: Uint16Array;
}

/** How long spans are kept: days, 0 for ever. */
export interface Retention {
  readonly days: number;
  /** Of tenants that differ. */
  readonly daysByTenant: ReadonlyMap<string, number>;
}

export const DEFAULT_WORKER_LIMITS: WorkerLimits = {
  maxBodyBytes: 64 * 2 ** 20,
  maxBlockSpans: 50_000,
  maxBlockBytes: 32 * 2 ** 20,
  maxBlockAgeMs: 20,
  maxIdleBatchBytes: 64 * 2 ** 20,
  retention: { days: 0, daysByTenant: new Map() },
};

/** What tenants may send, and the memory in which the workers count it together. */
export interface TenantSetup {
  readonly limits: TenantLimits;
  readonly tenants: ReadonlyMap<string, TenantConfig>;
  readonly memory: {
    /** Spans by trace. */
    readonly traces: SharedArrayBuffer;
    /** Attribute keys and span names. */
    readonly names: SharedArrayBuffer;
    readonly seed: number;
  };
  /** Buckets of spans. */
  readonly rates: SharedArrayBuffer;
}

/** Given to a worker when it starts. */
export interface WorkerSetup extends WorkerLimits {
  readonly tenantSetup: TenantSetup;
}

export interface WorkRequests {
  readonly kind: 'requests';
  readonly requests: readonly WorkRequest[];
}

export interface WorkRequest {
  readonly id: number;
  readonly tenant: string;
  readonly format: WireFormat;
  readonly compression: Compression;
  /** Transferred. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly receivedUnixMs: number;
  /** The tenant's in `TenantSetup.rates`; undefined when nothing is to be taken. */
  readonly bucket?: number;
}

/** Tells the worker whether an entry it made is in the journal. */
export interface EntryVerdict {
  readonly kind: 'verdict';
  readonly token: number;
  readonly journaled: boolean;
  /** Transferred: memory for a later block. */
  readonly spare?: ArrayBuffer;
}

export type ToWorker = WorkRequests | EntryVerdict;

export interface WorkAnswer {
  readonly id: number;
  /** `accepted` holds only once the block's entry is in the journal. */
  readonly outcome: IngestOutcome;
}

export interface BlockDone {
  readonly kind: 'block';
  /** The entry's, for the verdict; 0 without an entry. */
  readonly token: number;
  /** Its bytes are transferred. Undefined when no request had a span to keep. */
  readonly entry: JournalEntry | undefined;
  readonly answers: readonly WorkAnswer[];
  /** Transferred back: the memory of the requests' bodies. */
  readonly bodies: readonly ArrayBuffer[];
  readonly decodeSeconds: number;
  readonly decompressedBytes: number;
  readonly rejectedSpans: ReadonlyMap<string, number>;
  readonly dictionaryReset: boolean;
  readonly limitHits: readonly LimitHit[];
}

/** What a limit cost a tenant. */
export interface LimitHit {
  readonly limit: LimitName;
  readonly tenant: string;
  readonly count: number;
}

export interface WorkerReady {
  readonly kind: 'ready';
}

/** Something failed by a mistake of ours, for the log. */
export interface WorkerComplaint {
  readonly kind: 'complaint';
  readonly message: string;
}

export type FromWorker = BlockDone | WorkerReady | WorkerComplaint;
