/**
 * The whole configuration of a Clew process: validated once, frozen, the same names in clew.yaml
 * (`otlp.grpcPort`), the environment (`CLEW_OTLP_GRPC_PORT`) and the flags (`--otlp-grpc-port`).
 * What each setting allows and defaults to is in settings.ts. Sizes are bytes, durations milliseconds.
 */
export interface Config {
  /** UI and native API. */
  readonly server: {
    /** Address every port binds to. */
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Allows a host others can reach although nobody has to sign in. */
    readonly insecure: boolean;
    /** Names in Host that are answered on loopback beside addresses and localhost; `*` allows every name. */
    readonly allowedHosts: readonly string[];
  };
  readonly otlp: {
    /** 0 takes any free port. */
    readonly grpcPort: number;
    /** 0 takes any free port. */
    readonly httpPort: number;
    /** Largest request body, before and after decompression. */
    readonly maxBodyBytes: number;
    /** Origins of web pages that may send spans from a browser; `*` allows every page. */
    readonly corsAllowedOrigins: readonly string[];
  };
  readonly store: {
    /** Absolute path: spans of the embedded engine, and the journal in both modes. */
    readonly dataDir: string;
    /** A ClickHouse server or cluster in place of the embedded engine. */
    readonly clickhouseUrl: string | undefined;
    readonly database: string;
    /** What the embedded engine may allocate in all. */
    readonly engineMemoryBytes: number;
    /** Wall time of one query. */
    readonly queryTimeoutMs: number;
    /** Memory of one query. */
    readonly queryMemoryBytes: number;
  };
  readonly journal: {
    /** On disk, all segments together; beyond it senders are asked to retry. */
    readonly maxBytes: number;
    /** A segment file is closed when it reaches this size. */
    readonly segmentBytes: number;
  };
  readonly ingest: {
    /** Worker threads that decode. */
    readonly workers: number;
    /** Bodies received and not yet acknowledged; beyond it senders are asked to retry. */
    readonly maxInFlightBytes: number;
    /** Requests received and not yet acknowledged; beyond it senders are asked to retry. */
    readonly maxInFlightRequests: number;
  };
  readonly writer: {
    /** Inserts when this many spans wait … */
    readonly flushSpans: number;
    /** … or the oldest has waited this long. */
    readonly flushIntervalMs: number;
  };
  readonly log: {
    readonly level: LogLevel;
    /** `auto` is pretty on a terminal, else JSON. */
    readonly format: LogFormat;
  };
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
