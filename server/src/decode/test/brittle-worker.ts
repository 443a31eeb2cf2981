/** A worker on the real decode loop that dies, hangs or fails in the middle of encoding when a request says so. */
import { parentPort, workerData } from 'node:worker_threads';
import { Dictionary, type SpanBatch } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { Rejections } from '../../process/rejections.ts';
import { SpanBlockEncoder } from '../../store/encode/span-block-encoder.ts';
import { DecodeLoop } from '../decode-loop.ts';
import { loadDecompress } from '../decompress.ts';
import type { WorkerLimits } from '../worker-messages.ts';

if (parentPort === null) throw new Error('brittle-worker: start it as a worker');

class BrittleEncoder extends SpanBlockEncoder {
  override add(batch: SpanBatch, tenant: string, receivedUnixMs: number): void {
    super.add(batch, tenant, receivedUnixMs);
    if (tenant === 'poison') throw new Error('the encoder stumbled');
  }
}

const dictionary = new Dictionary();
new DecodeLoop({
  port: parentPort,
  limits: workerData as WorkerLimits,
  decompress: await loadDecompress(),
  decode(batch, _format, body) {
    const text = Buffer.from(body).toString();
    batch.load(body);
    if (text === 'crash') process.exit(3);
    if (text === 'hang') for (;;) batch.reset();
    if (text !== 'hello') decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  },
  maxBodyBytesOf: () => (workerData as WorkerLimits).maxBodyBytes,
  takeSpans: () => undefined,
  takeLimitHits: () => [],
  process: () => new Rejections(),
  encoder: new BrittleEncoder({ dictionary }),
  dictionary,
}).start();
