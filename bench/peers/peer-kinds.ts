/** The peers that bench:peers knows how to load and ask. */
import { createClewQuery } from '../query/clew-query.ts';
import { createJaegerQuery } from '../query/jaeger-query.ts';
import type { QueryApi } from '../query/query-api.ts';
import { createTempoQuery } from '../query/tempo-query.ts';

export type PeerKindName = 'clew' | 'collector' | 'jaeger' | 'signoz' | 'tempo' | 'victoriatraces';

export interface PeerKind {
  readonly title: string;
  /** How the reader should configure it, in one line; `--help` and docs/benchmarks.md show it. */
  readonly configuration: string;
  /** Path of OTLP over HTTP where the address names none. */
  readonly otlpPath: string;
  /** What stands before the query API's paths where the address names none. */
  readonly queryPath: string;
  /** Undefined: it cannot be asked in a comparable way. */
  readonly createQuery: ((url: string) => QueryApi) | undefined;
  /** False: a search needs a service. */
  readonly searchesWithoutService: boolean;
  /** What a reader of the table must know about it. */
  readonly notComparable: string;
}

const OTLP_PATH = '/v1/traces';

export const PEER_KINDS: Readonly<Record<PeerKindName, PeerKind>> = {
  clew: {
    title: 'Clew (another one)',
    configuration: 'as it comes: `clew serve --data DIR` on ports of its own; query is the address of its UI.',
    otlpPath: OTLP_PATH,
    queryPath: '',
    createQuery: createClewQuery,
    searchesWithoutService: true,
    notComparable: 'acknowledges after an fsync of its journal.',
  },
  collector: {
    title: 'OpenTelemetry Collector',
    configuration:
      'receivers: otlp (http 4318, grpc 4317); exporters: nop; no processors, telemetry metrics level none: the floor of receiving alone.',
    otlpPath: OTLP_PATH,
    queryPath: '',
    createQuery: undefined,
    searchesWithoutService: false,
    notComparable:
      'stores nothing and keeps no span it has acknowledged: receiving alone. Stored count, disk and queries do not apply.',
  },
  jaeger: {
    title: 'Jaeger',
    configuration:
      'v2, `jaeger_storage_exporter` with ClickHouse or Badger on disk (not memory), batch processor of 8192 spans; query is port 16686, pid that of Jaeger and, joined with +, of its store.',
    otlpPath: OTLP_PATH,
    queryPath: '',
    createQuery: createJaegerQuery,
    searchesWithoutService: false,
    notComparable:
      'acknowledges when a span is in its queue, before it is stored. A search answers with whole traces, not with summaries, and needs a service.',
  },
  signoz: {
    title: 'SigNoz',
    configuration:
      'self-hosted as it comes; otlp is its collector, pid those of the collector and of ClickHouse joined with +, data the folder of ClickHouse.',
    otlpPath: OTLP_PATH,
    queryPath: '',
    createQuery: undefined,
    searchesWithoutService: false,
    notComparable:
      'acknowledges when a span is in its batch, before it is stored. Its query API wants a signed-in user and a query of its own form: not asked, so nothing is known of its stored count.',
  },
  tempo: {
    title: 'Tempo',
    configuration:
      'monolithic (`-target=all`), local backend, overrides ingestion rate_limit_bytes and burst_size_bytes at 1e9 and max_traces_per_user 0, multitenancy off; query is port 3200.',
    otlpPath: OTLP_PATH,
    queryPath: '',
    createQuery: createTempoQuery,
    searchesWithoutService: true,
    notComparable:
      'writes its write-ahead log without an fsync and builds its blocks minutes later: CPU and disk of that are outside the window. A search stops at the first 20 it meets, which need not be the newest.',
  },
  victoriatraces: {
    title: 'VictoriaTraces',
    configuration:
      'single node with `-storageDataPath=DIR -retentionPeriod=7d`; otlp and query are port 10428, the paths are added.',
    otlpPath: '/insert/opentelemetry/v1/traces',
    queryPath: '/select/jaeger',
    createQuery: createJaegerQuery,
    searchesWithoutService: false,
    notComparable:
      'acknowledges from memory and flushes to disk some seconds later. A search answers with whole traces, not with summaries, and needs a service.',
  },
};

export const PEER_KIND_NAMES = Object.keys(PEER_KINDS) as readonly PeerKindName[];
