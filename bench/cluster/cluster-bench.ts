/**
 * What sharding costs: encoding by shard against encoding at all; inserts straight into three servers against one
 * server and against the Distributed table; the same questions to three servers and to one. Servers are libchdb's.
 * CPU of all server processes, from /proc, until their merges are quiet. Counts are checked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dictionary, SpanBatch, type TraceId } from '@clew/model';
import { SPAN_ID, SPAN_PARENT_ID, SPAN_TRACE_ID, SPAN_WORDS } from '@clew/model/span-batch';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { searchTraces } from '../../server/src/query/search.ts';
import { openCluster } from '../../server/src/store/cluster/open-cluster.ts';
import { ShardedBlockEncoder } from '../../server/src/store/cluster/sharded-block-encoder.ts';
import { CLUSTER_NAME, startTestCluster, type TestCluster } from '../../server/src/store/cluster/test/test-cluster.ts';
import { SpanBlockEncoder } from '../../server/src/store/encode/span-block-encoder.ts';
import type { OpenedStore } from '../../server/src/store/opened-store.ts';
import { ClickHouseSpanStore } from '../../server/src/store/reader.ts';
import { median } from '../report/nanos-per-span.ts';

const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9);
const SPANS = Number(process.argv[2] ?? 300_000);
const ROUNDS = 5;
const QUERIES = 15;
const SPANS_PER_BODY = 512;
const bodies = generateRequestBodies({ seed: 12345, bodies: 20, spansPerBody: SPANS_PER_BODY, resources: 4 });

const dictionary = new Dictionary();
const batch = new SpanBatch(dictionary);

type Encoder = SpanBlockEncoder | ShardedBlockEncoder;

/** Adds a body's spans under other ids. */
function addPass(encoder: Encoder, body: Uint8Array, pass: number): number {
  decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  const { spans, spanCount } = batch;
  const mark = Math.imul(pass + 1, 0x9e3779b1);
  for (let at = 0; at < spanCount * SPAN_WORDS; at += SPAN_WORDS) {
    for (let word = 0; word < 4; word++) spans[at + SPAN_TRACE_ID + word] ^= Math.imul(mark, word + 1);
    spans[at + SPAN_ID] ^= mark;
    if ((spans[at + SPAN_PARENT_ID] | spans[at + SPAN_PARENT_ID + 1]) !== 0) spans[at + SPAN_PARENT_ID] ^= mark;
  }
  encoder.add(batch, 'default', RECEIVED_UNIX_MS);
  return spanCount;
}

const encoderOf = (shards: number): Encoder =>
  shards === 1
    ? new SpanBlockEncoder({ dictionary })
    : new ShardedBlockEncoder(
        Uint16Array.from({ length: shards }, (_, shard) => shard),
        () => new SpanBlockEncoder({ dictionary }),
      );

/** CPU nanoseconds a span, decoding included; blocks of about `blockSpans`. */
function measureEncoding(shardCounts: readonly number[], blockSpans: number): void {
  const encoders = shardCounts.map(encoderOf);
  const results = encoders.map((): { ns: number[]; bytes: number } => ({ ns: [], bytes: 0 }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, encoder] of encoders.entries()) {
      const before = process.cpuUsage();
      let spans = 0;
      let bytes = 0;
      while (spans < 60_000) {
        for (const { body } of bodies) {
          spans += addPass(encoder, body, spans);
          if (encoder.spanCount < blockSpans) continue;
          const entry = encoder.finish();
          encoder.confirm(entry.token);
          bytes += entry.blocks.reduce((sum, block) => sum + block.bytes.length, 0);
        }
      }
      const used = process.cpuUsage(before);
      if (round > 0) results[i].ns.push(((used.user + used.system) * 1000) / spans);
      results[i].bytes = bytes / spans;
    }
  }
  const base = median(results[0].ns);
  for (const [i, { ns, bytes }] of results.entries()) {
    const own = median(ns);
    console.log(
      `  ${String(shardCounts[i]).padStart(3)} shards, blocks of ${blockSpans} spans: ${own.toFixed(0)} ns a span ` +
        `(${(own / base).toFixed(2)} x), ${bytes.toFixed(0)} bytes a span`,
    );
  }
}

interface Run {
  readonly cluster: TestCluster;
  readonly store: OpenedStore;
  close(): Promise<void>;
}

async function startRun(shards: number): Promise<Run> {
  const cluster = await startTestCluster({ replicas: Array.from({ length: shards }, () => 1) });
  const dir = mkdtempSync(join(tmpdir(), 'clew-cluster-bench-'));
  const log = () => undefined;
  const { engine, ...opened } = await openCluster({
    cluster: CLUSTER_NAME,
    database: 'clew',
    clickhouseUrl: cluster.urls.join(','),
    dataDir: dir,
    logger: { info: log, warn: log, error: log },
  });
  await opened.ready;
  return {
    cluster,
    store: { ...opened, reader: new ClickHouseSpanStore(engine) },
    async close() {
      await opened.close();
      await cluster.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const servers = ({ cluster }: Run) => cluster.urls.map((_, server) => server);

async function cpuSeconds(run: Run): Promise<number> {
  const seconds = await Promise.all(servers(run).map((server) => run.cluster.cpuSeconds(server)));
  return seconds.reduce((sum, each) => sum + each, 0);
}

async function untilQuiet(run: Run): Promise<void> {
  for (let quiet = 0; quiet < 6; ) {
    const merges = await Promise.all(
      servers(run).map((server) => run.cluster.query(server, 'SELECT count() FROM system.merges')),
    );
    quiet = merges.every((count) => count === '0') ? quiet + 1 : 0;
    await sleep(250);
  }
}

async function counts(run: Run, what: string): Promise<number> {
  const each = await Promise.all(
    servers(run).map((server) => run.cluster.query(server, `SELECT ${what} FROM clew.spans`)),
  );
  return each.reduce((sum, count) => sum + Number(count), 0);
}

let passes = 1_000_000;

/** CPU s per million spans of all servers, for inserts of `groupSpans` spans over all shards. */
async function measureInserts(run: Run, groupSpans: number, way: 'shards' | 'distributed'): Promise<number> {
  const shardCount = way === 'distributed' ? 1 : run.cluster.urls.length;
  const encoder = encoderOf(shardCount);
  const countBefore = await counts(run, 'count()');
  const before = await cpuSeconds(run);
  let sent = 0;
  let group = 0;
  while (sent < SPANS) {
    for (const { body } of bodies) if (encoder.spanCount < groupSpans) sent += addPass(encoder, body, passes++);
    if (encoder.spanCount < groupSpans && sent < SPANS) continue;
    group++;
    for (const { table, bytes, shard = 0 } of encoder.finish().blocks) {
      const own = { deduplicationToken: `${way}-${groupSpans}-${group}-${table}-${shard}`, timeoutMs: 120_000 };
      if (way === 'shards') await run.store.targetOf(shard).insertNative(table, [bytes], own);
      else await insertDistributed(run, table, bytes);
    }
  }
  await untilQuiet(run);
  const used = (await cpuSeconds(run)) - before;
  const stored = (await counts(run, 'count()')) - countBefore;
  if (stored !== sent) throw new Error(`${way}: ${stored} spans stored of ${sent} sent.`);
  return (used / sent) * 1e6;
}

async function insertDistributed({ cluster }: Run, table: string, bytes: Uint8Array): Promise<void> {
  const database = table === 'spans' ? 'clew_distributed' : 'clew';
  const query = `INSERT INTO ${database}.${table} FORMAT Native`;
  const url = `${cluster.urls[0]}/?distributed_foreground_insert=1&query=${encodeURIComponent(query)}`;
  const response = await fetch(url, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> });
  if (!response.ok) throw new Error(await response.text());
}

async function measureQueries(run: Run): Promise<void> {
  const start = BigInt(RECEIVED_UNIX_MS - 3_600_000) * 1_000_000n;
  const range = { fromUnixNano: start, toUnixNano: start + 7_200_000_000_000n };
  const { reader } = run.store;
  const request = { tenant: 'default', range, limit: 20, spansPerTrace: 3 };
  const search = (text: string) => () => searchTraces(reader, { ...request, text });
  const service = (await reader.services('default', range))[0]?.name ?? '';
  const { traces } = await search('{ }')();
  const traceId = traces[0]?.traceId as TraceId;
  const questions = [
    ['search, newest 20, with a service', search(`{ resource.service.name = "${service}" && status = error }`)],
    ['search, newest 20, any service', search('{ duration > 1s }')],
    ['trace by id', () => reader.loadTraceColumns('default', traceId)],
  ] as const;
  for (const [name, ask] of questions) {
    await ask();
    const before = await cpuSeconds(run);
    const wall: number[] = [];
    for (let i = 0; i < QUERIES; i++) {
      const from = performance.now();
      await ask();
      wall.push(performance.now() - from);
    }
    const cpuMs = (((await cpuSeconds(run)) - before) / QUERIES) * 1000;
    console.log(`  ${name}: CPU ${cpuMs.toFixed(0)} ms, wall p50 ${median(wall).toFixed(0)} ms`);
  }
}

console.log('Decoding and encoding:');
if (process.env.SKIP_ENCODING === undefined) measureEncoding([1, 3, 10, 30], 50_000);
if (process.env.SKIP_ENCODING === undefined) measureEncoding([1, 3, 10], 2_048);
for (const shards of [1, 3]) {
  const run = await startRun(shards);
  try {
    console.log(
      `${shards} server${shards > 1 ? 's' : ''}, ${SPANS} spans each time, CPU s per million spans of all servers:`,
    );
    for (const perShard of [33_000, 10_000]) {
      const cost = await measureInserts(run, perShard * shards, 'shards');
      console.log(`  straight to the shard, ${perShard} spans an insert: ${cost.toFixed(1)}`);
    }
    const bytes =
      (await counts(run, 'sum(1)')) &&
      (
        await Promise.all(
          servers(run).map((server) =>
            run.cluster.query(server, "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'clew'"),
          ),
        )
      ).reduce((sum, each) => sum + Number(each), 0);
    console.log(`  on disk: ${(bytes / (await counts(run, 'count()'))).toFixed(1)} bytes a span`);
    await measureQueries(run);
    if (shards > 1)
      console.log(
        `  through the Distributed table, 99000 spans an insert: ${(await measureInserts(run, 99_000, 'distributed')).toFixed(1)}`,
      );
  } finally {
    await run.close();
  }
}
