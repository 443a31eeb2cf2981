/** A decode worker thread: decode, process and encode wired together. The pool (decode/ingest-pool.ts) starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Dictionary } from '@clew/model';
import { decodeOtlpJson } from '@clew/wire/otlp/decode-json';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { DecodeLoop } from './decode/decode-loop.ts';
import { loadDecompress } from './decode/decompress.ts';
import type { WorkerLimits } from './decode/worker-messages.ts';
import { createGuard } from './process/guard.ts';
import { Pipeline } from './process/pipeline.ts';
import { Rejections } from './process/rejections.ts';
import { SpanBlockEncoder } from './store/encode/span-block-encoder.ts';

if (parentPort === null) throw new Error('ingest-worker: not a program of its own. Start `clew serve`.');

const dictionary = new Dictionary();
const pipeline = new Pipeline([createGuard()]);
const rejections = new Rejections();

new DecodeLoop({
  port: parentPort,
  limits: workerData as WorkerLimits,
  decompress: await loadDecompress(),
  decode(batch, format, body) {
    if (format === 'otlp-protobuf') decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    else decodeOtlpJson(batch, body, DEFAULT_DECODE_LIMITS);
  },
  process(batch) {
    rejections.reset();
    pipeline.process(batch, rejections);
    return rejections;
  },
  encoder: new SpanBlockEncoder({ dictionary }),
  dictionary,
}).start();
