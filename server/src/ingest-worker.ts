/** A decode worker thread: decode, process and encode wired together. The pool (decode/ingest-pool.ts) starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Dictionary } from '@clew/model';
import { decodeOtlpJson } from '@clew/wire/otlp/decode-json';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { limitsOf } from './config/config.ts';
import { DecodeLoop } from './decode/decode-loop.ts';
import { loadDecompress } from './decode/decompress.ts';
import type { WorkerSetup } from './decode/worker-messages.ts';
import { createGuard } from './process/guard.ts';
import { LimitCounts } from './process/limit-counts.ts';
import { createLimitStages } from './process/limit-stages.ts';
import { Pipeline } from './process/pipeline.ts';
import { Rejections } from './process/rejections.ts';
import { TenantContexts } from './process/tenant-context.ts';
import { SharedRates } from './receive/shared-rates.ts';
import { takeSpans } from './receive/tenant-gate.ts';
import { ShardedBlockEncoder } from './store/cluster/sharded-block-encoder.ts';
import { SpanBlockEncoder } from './store/encode/span-block-encoder.ts';

if (parentPort === null) throw new Error('ingest-worker: not a program of its own. Start `clew serve`.');

const setup = workerData as WorkerSetup;
const { retention, tenantSetup, shardSlots } = setup;
const dictionary = new Dictionary();
const tenants = new TenantContexts((tenant) => limitsOf(tenantSetup, tenant));
const rates = new SharedRates(tenantSetup.rates);
const hits = new LimitCounts();
const pipeline = new Pipeline([createGuard(), ...createLimitStages(tenantSetup.memory, hits)]);
const rejections = new Rejections();

function createEncoder(): SpanBlockEncoder {
  return new SpanBlockEncoder({
    dictionary,
    retentionDaysOf: (tenant) => retention.daysByTenant.get(tenant) ?? retention.days,
  });
}

new DecodeLoop({
  port: parentPort,
  limits: setup,
  decompress: await loadDecompress(),
  decode(batch, format, body) {
    if (format === 'otlp-protobuf') decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    else decodeOtlpJson(batch, body, DEFAULT_DECODE_LIMITS);
  },
  maxBodyBytesOf: (tenant) => Math.min(setup.maxBodyBytes, tenants.of(tenant).limits.bodyBytes || setup.maxBodyBytes),
  takeSpans({ tenant, bucket }, spans) {
    if (bucket === undefined) return undefined;
    const refusal = takeSpans(rates, bucket, tenant, tenants.of(tenant).limits, spans);
    if (refusal !== undefined) hits.add('spans_per_second', tenant, 1);
    return refusal;
  },
  takeLimitHits: () => hits.take(),
  process(batch, tenant) {
    rejections.reset();
    pipeline.process(batch, rejections, tenants.of(tenant));
    return rejections;
  },
  encoder: shardSlots === undefined ? createEncoder() : new ShardedBlockEncoder(shardSlots, createEncoder),
  dictionary,
}).start();
