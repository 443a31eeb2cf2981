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
  /** The API of Grafana Tempo, also under /tempo of the main port. */
  readonly tempo: {
    /** 0 takes any free port. */
    readonly port: number;
    /** Origins of web pages that may read traces from a browser; `*` allows every page. */
    readonly corsAllowedOrigins: readonly string[];
  };
  /** Of the main port and of tempo.port; both or neither. */
  readonly tls: {
    /** Absolute path of the certificate with its chain, PEM. */
    readonly cert: string | undefined;
    /** Absolute path of its private key, PEM. */
    readonly key: string | undefined;
  };
  readonly store: {
    /** Absolute path: spans of the embedded engine, and the journal in both modes. */
    readonly dataDir: string;
    /** A ClickHouse server in place of the embedded engine, or nodes of a cluster with commas between. */
    readonly clickhouseUrl: string | undefined;
    /** The cluster's name in the server's `system.clusters`. */
    readonly cluster: string | undefined;
    readonly database: string;
    /** What the embedded engine may allocate in all. */
    readonly engineMemoryBytes: number;
    /** Wall time of one query. */
    readonly queryTimeoutMs: number;
    /** Memory of one query. */
    readonly queryMemoryBytes: number;
    /** Days spans are kept, where their tenant has none of its own; 0 for ever. */
    readonly retentionDays: number;
    /** Of live data on every node, the journal of the embedded engine included; beyond it the oldest day is dropped. */
    readonly maxDiskBytes: number | undefined;
    /** Kept free on the disks of the store by dropping the oldest day; 0 for none. */
    readonly minFreeDiskBytes: number;
    /** Between two rounds of housekeeping. */
    readonly housekeepingIntervalMs: number;
  };
  /** Reads at the same time; inserts are not counted among them. */
  readonly query: {
    /** Statements in the engine at once. */
    readonly maxRunning: number;
    readonly maxRunningPerTenant: number;
    /** Queries that wait to begin; beyond it they are asked to retry. */
    readonly maxWaiting: number;
    readonly maxWaitingPerTenant: number;
    /** Longest a query waits to begin. */
    readonly maxWaitMs: number;
    /** Memory of all statements at once. */
    readonly memoryBytes: number;
    /** Threads of one statement that runs alone. */
    readonly maxThreads: number;
  };
  readonly journal: {
    /** On disk, all segments together; beyond it senders are asked to retry. */
    readonly maxBytes: number;
    /** A segment file is closed when it reaches this size. */
    readonly segmentBytes: number;
    /** Entries kept in memory as well, to spare reading them back. */
    readonly memoryBytes: number;
  };
  readonly ingest: {
    /** Worker threads that decode. */
    readonly workers: number;
    /** Bodies received and not yet acknowledged; beyond it senders are asked to retry. */
    readonly maxInFlightBytes: number;
    /** Requests received and not yet acknowledged; beyond it senders are asked to retry. */
    readonly maxInFlightRequests: number;
    /** Tenants whose rates and shares are remembered at the same time. */
    readonly maxTenants: number;
  };
  readonly memory: {
    /** Resident memory of all processes; what settings of memory follow from, and above which little is taken. */
    readonly limitBytes: number;
  };
  /** Of every tenant that has none of its own. */
  readonly limits: TenantLimits;
  /** Tenants that differ, by name. */
  readonly tenants: ReadonlyMap<string, TenantConfig>;
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

/** What one tenant may send. 0 does not limit. */
export interface TenantLimits {
  readonly spansPerSecond: number;
  /** 0: as many as in one second. */
  readonly spanBurst: number;
  readonly bytesPerSecond: number;
  /** One body, before and after decompression; 0: otlp.maxBodyBytes. */
  readonly bodyBytes: number;
  /** Spans of one trace within an hour. */
  readonly spansPerTrace: number;
  /** Attributes of one span, event, link, resource or scope. */
  readonly attributeCount: number;
  /** Text and bytes in attributes. */
  readonly attributeValueBytes: number;
  /** Different attribute keys within an hour. */
  readonly attributeKeys: number;
  /** Different span names of one service within an hour. */
  readonly spanNamesPerService: number;
}

export interface TenantConfig {
  /** Complete: what the tenant does not set itself is everyone's. */
  readonly limits: TenantLimits;
  /** Undefined: as everyone's. */
  readonly retentionDays: number | undefined;
}

/** The limits that hold for a tenant. */
export function limitsOf(config: Pick<Config, 'limits' | 'tenants'>, tenant: string): TenantLimits {
  return config.tenants.get(tenant)?.limits ?? config.limits;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
