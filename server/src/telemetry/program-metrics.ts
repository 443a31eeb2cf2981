/** What Clew counts of itself behind the journal and in front of the readers; each metric is named once, here. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface ProgramState {
  readonly journal: {
    readonly entries: number;
    readonly spans: number;
    readonly bytes: number;
    readonly oldestAgeMs: number;
  };
  readonly journalDamagedEntries: number;
  readonly journalFailedWrites: number;
  readonly engineUp: boolean;
  /** Nodes of a cluster. */
  readonly storeNodes: readonly { readonly name: string; readonly shard: number; readonly isUp: boolean }[];
}

export interface ProgramMetrics {
  readonly registry: Registry;
  readonly writer: {
    stored(spans: number, flushSeconds: number): void;
    insertFailed(kind: 'retryable' | 'content'): void;
    setAside(spans: number): void;
  };
  readonly api: {
    requestAnswered(route: string, status: number, seconds: number): void;
    queryRead(route: string, rows: number, bytes: number): void;
  };
  engineRestarted(reason: 'crash' | 'hang' | 'full disk'): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createProgramMetrics(version: string, state: () => ProgramState): ProgramMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: (state: ProgramState) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(state()));
      },
    });
  };
  new Gauge({
    name: 'clew_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);
  gauge(
    'clew_journal_entries',
    'Acknowledged entries that are not in the store yet.',
    ({ journal }) => journal.entries,
  );
  gauge('clew_journal_spans', 'Acknowledged spans that are not in the store yet.', ({ journal }) => journal.spans);
  gauge('clew_journal_bytes', 'Bytes of entries that are not in the store yet.', ({ journal }) => journal.bytes);
  gauge(
    'clew_journal_oldest_age_seconds',
    'How long the oldest acknowledged entry has waited for the store.',
    ({ journal }) => journal.oldestAgeMs / 1000,
  );
  gauge(
    'clew_journal_damaged_entries',
    'Damaged entries and stretches of the journal; their bytes are in journal/quarantine.',
    ({ journalDamagedEntries }) => journalDamagedEntries,
  );
  new Counter({
    name: 'clew_journal_write_failures_total',
    help: 'Writes the disk of the journal did not take; their senders were told to retry.',
    registers,
    collect() {
      this.reset();
      this.inc(state().journalFailedWrites);
    },
  });
  gauge('clew_engine_up', '1 while the store answers.', ({ engineUp }) => (engineUp ? 1 : 0));

  new Gauge({
    name: 'clew_store_node_up',
    help: '1 while a node of the ClickHouse cluster answers and has its schema.',
    labelNames: ['node', 'shard'],
    registers,
    collect() {
      this.reset();
      for (const { name, shard, isUp } of state().storeNodes) this.set({ node: name, shard }, isUp ? 1 : 0);
    },
  });

  const stored = new Counter({ name: 'clew_stored_spans_total', help: 'Spans inserted into the store.', registers });
  const flush = new Histogram({
    name: 'clew_flush_seconds',
    help: 'Time to insert one group of journal entries.',
    buckets: SECONDS,
    registers,
  });
  const failed = new Counter({
    name: 'clew_insert_failures_total',
    help: 'Inserts that failed: retryable ones are tried again, content ones are split.',
    labelNames: ['kind'],
    registers,
  });
  const aside = new Counter({
    name: 'clew_set_aside_spans_total',
    help: 'Spans the store refused for their content; they are in journal/quarantine.',
    registers,
  });
  const requests = new Histogram({
    name: 'clew_api_request_seconds',
    help: 'Answer times of the API.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const rowsRead = new Counter({
    name: 'clew_query_rows_read_total',
    help: 'Rows read by queries.',
    labelNames: ['route'],
    registers,
  });
  const bytesRead = new Counter({
    name: 'clew_query_bytes_read_total',
    help: 'Bytes read by queries.',
    labelNames: ['route'],
    registers,
  });
  const restarts = new Counter({
    name: 'clew_engine_restarts_total',
    help: 'Times the embedded engine died, or was killed for not answering or for a full disk, and was started again.',
    labelNames: ['reason'],
    registers,
  });

  return {
    registry,
    writer: {
      stored(spans, flushSeconds) {
        stored.inc(spans);
        flush.observe(flushSeconds);
      },
      insertFailed: (kind) => failed.inc({ kind }),
      setAside: (spans) => aside.inc(spans),
    },
    api: {
      requestAnswered: (route, status, seconds) => requests.observe({ route, status: String(status) }, seconds),
      queryRead(route, rows, bytes) {
        rowsRead.inc({ route }, rows);
        bytesRead.inc({ route }, bytes);
      },
    },
    engineRestarted: (reason) => restarts.inc({ reason }),
  };
}
