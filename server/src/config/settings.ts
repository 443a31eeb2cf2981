/** Every setting once: what it allows, its default, what it is for, and its names outside clew.yaml. */
import { availableParallelism } from 'node:os';
import { type Config, LOG_FORMATS, LOG_LEVELS } from './config.ts';
import { MEMORY_SHARES } from './memory-shares.ts';
import type { Setting } from './setting.ts';
import { LIMIT_SETTINGS, MAX_RETENTION_DAYS } from './tenant-settings.ts';
import { byteSize, count, durationMs, flag, httpUrls, oneOf, port, text, textList } from './value-kinds.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** `tenants` is no section of settings but one of tenants: tenant-settings.ts. */
type Sections = Omit<Config, 'tenants'>;
type Settings = { readonly [S in keyof Sections]: { readonly [K in keyof Sections[S]]: Setting<Sections[S][K]> } };

const DEFAULT_MEMORY_BYTES = 10 ** 9;

export const SETTINGS: Settings = {
  server: {
    host: {
      schema: text(/^[a-z0-9.:_-]{1,253}$/i, 'an IP address or a host name'),
      defaultValue: '127.0.0.1',
      about: 'address every port binds to',
      flag: 'host',
    },
    port: { schema: port(), defaultValue: 8317, about: 'port of the UI and the API; 0 takes a free one', flag: 'port' },
    insecure: {
      schema: flag(),
      defaultValue: false,
      about: 'allow a host that others can reach although nobody has to sign in',
      flag: 'insecure',
    },
    allowedHosts: {
      schema: textList(/^(\*|[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)$/i, '* and host names such as clew.example.com'),
      defaultValue: Object.freeze([]),
      about: 'host names answered on loopback beside addresses and localhost, with commas between; * allows every name',
    },
  },
  otlp: {
    grpcPort: { schema: port(), defaultValue: 4317, about: 'port of OTLP over gRPC; 0 takes a free one' },
    httpPort: { schema: port(), defaultValue: 4318, about: 'port of OTLP over HTTP; 0 takes a free one' },
    maxBodyBytes: {
      schema: byteSize(64 * KIB, GIB),
      defaultValue: 64 * MIB,
      about: 'largest request body, before and after decompression',
      unit: 'bytes',
    },
    corsAllowedOrigins: {
      schema: textList(/^(\*|https?:\/\/[^\s/]+)$/, '* and origins such as https://shop.example.com'),
      defaultValue: Object.freeze([]),
      about: 'origins of web pages that may send spans, with commas between; * allows every page',
    },
  },
  tempo: {
    port: { schema: port(), defaultValue: 3200, about: 'port of the Tempo API for Grafana; 0 takes a free one' },
    corsAllowedOrigins: {
      schema: textList(/^(\*|https?:\/\/[^\s/]+)$/, '* and origins such as https://grafana.example.com'),
      defaultValue: Object.freeze([]),
      about: 'origins of web pages that may read traces over the Tempo API, with commas between; * allows every page',
    },
  },
  tls: {
    cert: {
      schema: text(/^[^\0]{1,4096}$/, 'the path of a PEM file'),
      defaultValue: undefined,
      about: 'certificate (PEM, with its chain) of the main port and of tempo.port, which then speak TLS only',
    },
    key: {
      schema: text(/^[^\0]{1,4096}$/, 'the path of a PEM file'),
      defaultValue: undefined,
      about: "private key (PEM) of the certificate; the program's user must be able to read it",
    },
  },
  store: {
    dataDir: {
      schema: text(/^[^\0]{1,4096}$/, 'the path of a folder'),
      defaultValue: './clew-data',
      about: 'folder for spans and the journal',
      flag: 'data',
      env: 'CLEW_DATA',
    },
    clickhouseUrl: {
      schema: httpUrls(),
      defaultValue: undefined,
      about: 'a ClickHouse server in place of the embedded engine, or nodes of a cluster with commas between',
      flag: 'clickhouse',
      env: 'CLEW_CLICKHOUSE_URL',
    },
    cluster: {
      schema: text(/^[\w.-]{1,128}$/, 'the name of a cluster in system.clusters'),
      defaultValue: undefined,
      about: 'name of the ClickHouse cluster in remote_servers: spans are sharded over it by trace id',
      flag: 'clickhouse-cluster',
      env: 'CLEW_CLICKHOUSE_CLUSTER',
    },
    database: {
      schema: text(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a name of letters, digits and _ (63 at most)'),
      defaultValue: 'clew',
      about: 'ClickHouse database',
    },
    engineMemoryBytes: {
      schema: byteSize(256 * MIB, 16 * TIB),
      defaultValue: MEMORY_SHARES.engine(DEFAULT_MEMORY_BYTES),
      about: 'what the embedded engine may allocate in all',
      unit: 'bytes',
      fromMemory: MEMORY_SHARES.engine,
    },
    queryTimeoutMs: {
      schema: durationMs(100, 3_600_000),
      defaultValue: 30_000,
      about: 'wall time of one query',
      unit: 'ms',
    },
    queryMemoryBytes: {
      schema: byteSize(32 * MIB, 16 * TIB),
      defaultValue: MEMORY_SHARES.query(DEFAULT_MEMORY_BYTES),
      about: 'memory of one query',
      unit: 'bytes',
      fromMemory: MEMORY_SHARES.query,
    },
    retentionDays: {
      schema: count(0, MAX_RETENTION_DAYS),
      defaultValue: 30,
      about: 'days spans are kept, where their tenant has none of its own; 0 keeps them for ever',
    },
    maxDiskBytes: {
      schema: byteSize(256 * MIB, 1024 * TIB),
      defaultValue: undefined,
      about: 'live data on every node beyond which the oldest day is dropped',
      unit: 'bytes',
    },
    minFreeDiskBytes: {
      schema: byteSize(0, 1024 * TIB),
      defaultValue: GIB,
      about: "free space on the store's disks below which the oldest day is dropped; 0 for none",
      unit: 'bytes',
    },
    housekeepingIntervalMs: {
      schema: durationMs(1000, 3_600_000),
      defaultValue: 60_000,
      about: 'between two looks at retention, disk space and parts',
      unit: 'ms',
    },
  },
  query: {
    maxRunning: {
      schema: count(1, 1024),
      defaultValue: 4,
      about: 'statements of queries in the engine at once; the embedded engine runs four',
    },
    maxRunningPerTenant: {
      schema: count(1, 1024),
      defaultValue: 3,
      about: 'statements of one tenant in the engine at once; fewer than query.maxRunning leave others a place',
    },
    maxWaiting: {
      schema: count(0, 100_000),
      defaultValue: 64,
      about: 'queries waiting to begin, beyond which clients are asked to retry (429)',
    },
    maxWaitingPerTenant: {
      schema: count(0, 100_000),
      defaultValue: 32,
      about: 'queries of one tenant waiting to begin, beyond which it is asked to retry (429)',
    },
    maxWaitMs: {
      schema: durationMs(10, 600_000),
      defaultValue: 5_000,
      about: 'longest a query waits to begin before its client is asked to retry (429)',
      unit: 'ms',
    },
    memoryBytes: {
      schema: byteSize(16 * MIB, TIB),
      defaultValue: MEMORY_SHARES.query(DEFAULT_MEMORY_BYTES),
      about: 'memory of all queries at once: each gets what the others were not promised, an equal share at least',
      unit: 'bytes',
      fromMemory: MEMORY_SHARES.query,
    },
    maxThreads: {
      schema: count(1, 256),
      defaultValue: Math.min(availableParallelism(), 4),
      about: 'threads of the engine for a query that runs alone; several share them',
    },
  },
  journal: {
    maxBytes: {
      schema: byteSize(16 * MIB, 64 * TIB),
      defaultValue: 2 * GIB,
      about: 'size on disk beyond which senders are asked to retry',
      unit: 'bytes',
    },
    segmentBytes: {
      schema: byteSize(MIB, GIB),
      defaultValue: 64 * MIB,
      about: 'size at which a segment file is closed; up to four that are in the store are kept to be written again',
      unit: 'bytes',
    },
    memoryBytes: {
      schema: byteSize(MIB, TIB),
      defaultValue: MEMORY_SHARES.journal(DEFAULT_MEMORY_BYTES),
      about: 'waiting entries kept in memory as well, to spare reading them back',
      unit: 'bytes',
      fromMemory: MEMORY_SHARES.journal,
    },
  },
  ingest: {
    workers: {
      schema: count(1, 256),
      defaultValue: Math.min(availableParallelism(), 4),
      about: 'worker threads that decode',
    },
    maxInFlightBytes: {
      schema: byteSize(MIB, 256 * GIB),
      defaultValue: MEMORY_SHARES.inFlight(DEFAULT_MEMORY_BYTES),
      about: 'bodies not yet acknowledged, beyond which senders are asked to retry',
      unit: 'bytes',
      fromMemory: MEMORY_SHARES.inFlight,
    },
    maxInFlightRequests: {
      schema: count(1, 1_000_000),
      defaultValue: 4096,
      about: 'requests not yet acknowledged, beyond which senders are asked to retry',
    },
    maxTenants: {
      schema: count(1, 1_000_000),
      defaultValue: 10_000,
      about: 'tenants whose rates are remembered at the same time; the one that sent longest ago is forgotten first',
    },
  },
  writer: {
    flushSpans: { schema: count(1, 10_000_000), defaultValue: 100_000, about: 'spans waiting that start an insert' },
    flushIntervalMs: {
      schema: durationMs(10, 600_000),
      defaultValue: 500,
      about: 'longest a span waits for its insert',
      unit: 'ms',
    },
  },
  memory: {
    limitBytes: {
      schema: byteSize(512 * MIB, 64 * TIB),
      defaultValue: DEFAULT_MEMORY_BYTES,
      about: 'resident memory of all processes; other settings of memory follow from it, and above it little is taken',
      unit: 'bytes',
      flag: 'memory',
      env: 'CLEW_MEMORY',
    },
  },
  limits: LIMIT_SETTINGS,
  log: {
    level: { schema: oneOf(LOG_LEVELS), defaultValue: 'info', about: `one of ${LOG_LEVELS.join(', ')}` },
    format: { schema: oneOf(LOG_FORMATS), defaultValue: 'auto', about: 'json, pretty, or auto: pretty on a terminal' },
  },
};

/** A setting with the names it goes by. */
export interface NamedSetting {
  readonly section: string;
  readonly key: string;
  /** section.key, as in clew.yaml. */
  readonly path: string;
  /** Without dashes. */
  readonly flag: string;
  /** Environment variables, the first one wins. */
  readonly envs: readonly string[];
  readonly setting: Setting<unknown>;
}

/** Every setting in the order of the table. */
export const NAMED_SETTINGS: readonly NamedSetting[] = Object.entries(SETTINGS).flatMap(([section, settings]) =>
  Object.entries(settings as Readonly<Record<string, Setting<unknown>>>).map(([key, setting]) => {
    const words = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const env = `CLEW_${section}_${words}`.toUpperCase().replaceAll('-', '_');
    return {
      section,
      key,
      path: `${section}.${key}`,
      flag: setting.flag ?? `${section}-${words}`,
      envs: setting.env === undefined ? [env] : [setting.env, env],
      setting,
    };
  }),
);
