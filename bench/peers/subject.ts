/** Something that takes OTLP and is measured from outside: Clew, the baseline, or a peer of the reader's. */
import { existsSync } from 'node:fs';
import type { Transport } from '../load/load-messages.ts';
import type { QueryApi } from '../query/query-api.ts';
import { countSpans, readDiskFigures } from '../target/store-figures.ts';
import type { Target } from '../target/target.ts';
import { PEER_KINDS } from './peer-kinds.ts';
import type { PeerSpec } from './peer-spec.ts';

export interface Subject {
  readonly name: string;
  readonly transport: Transport;
  readonly otlpUrl: string;
  readonly pids: readonly number[];
  readonly query: QueryApi | undefined;
  readonly searchesWithoutService: boolean;
  readonly dataDir: string | undefined;
  readonly notComparable: string;
  /** Spans it holds, where it can say so exactly. */
  readonly countStored: (() => Promise<number>) | undefined;
  /** Bytes a span of what its tables hold at present, where it can say so. */
  readonly liveBytesPerSpan: (() => Promise<number>) | undefined;
  readonly stop: () => Promise<void>;
}

export function subjectOfTarget(target: Target, notComparable: string): Subject {
  return {
    name: target.name,
    transport: 'http',
    otlpUrl: target.urlOf('http'),
    pids: [target.pid],
    query: target.query,
    searchesWithoutService: true,
    dataDir: target.dataDir,
    notComparable,
    async countStored() {
      const { rows, uniqueSpans } = await countSpans(target);
      if (rows !== uniqueSpans) throw new Error(`${target.name}: ${rows - uniqueSpans} spans are stored twice.`);
      return rows;
    },
    liveBytesPerSpan: async () => (await readDiskFigures(target)).bytes / (await countSpans(target)).rows,
    stop: target.stop,
  };
}

/** @throws Error when its process or its folder is not there. */
export function subjectOfPeer({ name, kind, transport, otlpUrl, queryUrl, pids, dataDir }: PeerSpec): Subject {
  for (const pid of pids) {
    if (!existsSync(`/proc/${pid}`)) throw new Error(`--peer ${name}: process ${pid} does not run. Look up its pid.`);
  }
  if (dataDir !== undefined && !existsSync(dataDir)) {
    throw new Error(`--peer ${name}: folder ${dataDir} does not exist or cannot be read.`);
  }
  const { createQuery, searchesWithoutService, notComparable } = PEER_KINDS[kind];
  return {
    name,
    transport,
    otlpUrl,
    pids,
    query: queryUrl === undefined ? undefined : createQuery?.(queryUrl),
    searchesWithoutService,
    dataDir,
    notComparable,
    countStored: undefined,
    liveBytesPerSpan: undefined,
    stop: () => Promise.resolve(),
  };
}
