/** A worker on the real decode loop whose decoder dies or hangs when a body says so. */
import { parentPort, workerData } from 'node:worker_threads';
import { Dictionary } from '@clew/model';
import { Rejections } from '../../process/rejections.ts';
import { SpanBlockEncoder } from '../../store/encode/span-block-encoder.ts';
import { DecodeLoop } from '../decode-loop.ts';
import { loadDecompress } from '../decompress.ts';
import type { WorkerLimits } from '../worker-messages.ts';

if (parentPort === null) throw new Error('brittle-worker: start it as a worker');
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
  },
  process: () => new Rejections(),
  encoder: new SpanBlockEncoder({ dictionary }),
  dictionary,
}).start();
