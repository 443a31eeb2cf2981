/** What receivers hand on and what they get back: the seam between the ports and the rest of the write side. */

export type WireFormat = 'otlp-protobuf' | 'otlp-json';
export type Compression = 'identity' | 'gzip' | 'zstd';

export interface IngestRequest {
  readonly tenant: string;
  readonly format: WireFormat;
  readonly compression: Compression;
  /** The body as received. Its ArrayBuffer belongs to the request alone and may be transferred to a worker. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Who sends, for turns among the clients of a tenant: an address. Those without are one. */
  readonly client?: string;
  /** The tenant's bucket of spans in the memory shared with the workers. Without it nothing is taken from one. */
  readonly bucket?: number;
}

/**
 * - `accepted`: every span that was not rejected is in the journal and fsynced.
 * - `invalid`: the sender's mistake, not to be retried.
 * - `too-large`: over a size limit, not to be retried.
 * - `overloaded`: a named limit of Clew is reached; to be retried after `retryAfterMs`.
 * - `limited`: a limit of the tenant is reached; to be retried after `retryAfterMs`.
 * - `failed`: our mistake; to be retried.
 */
export type IngestOutcome =
  | {
      readonly kind: 'accepted';
      readonly acceptedSpans: number;
      readonly rejectedSpans: number;
      /** Why spans were rejected, or a warning; empty when there is nothing to say. */
      readonly message: string;
    }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'too-large'; readonly message: string }
  | { readonly kind: 'overloaded' | 'limited'; readonly message: string; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Takes a request to the journal. Never rejects: every failure is an outcome. */
export type Ingest = (request: IngestRequest) => Promise<IngestOutcome>;
