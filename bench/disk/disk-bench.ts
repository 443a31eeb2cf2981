/** Bytes a span on disk, by column and index: see USAGE in disk-options.ts and docs/benchmarks.md. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PLAIN_PROTOBUF } from '../load/load-messages.ts';
import { openSender, type RequestSender } from '../load/send-request.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startBaselineTarget } from '../target/baseline-target.ts';
import { startClewTarget } from '../target/clew-target.ts';
import {
  mergesQuiet,
  mergeToOnePart,
  readColumnBytes,
  readDiskFigures,
  verifyStored,
} from '../target/store-figures.ts';
import type { Target } from '../target/target.ts';
import { timeoutMs } from '../target/timeout.ts';
import { type DiskOptions, parseDiskOptions, USAGE } from './disk-options.ts';
import { type DiskResult, formatDiskResult, type ShapeFigures, type StoredShape } from './disk-report.ts';
import { shapedRequests } from './shaped-requests.ts';

/** The baseline inserts when 10,000 rows are there: more in flight than that. */
const CONNECTIONS = 8;
const RETRY_MS = 200;

export function main(args: MainArguments): Promise<number> {
  return runBenchmark<DiskOptions, DiskResult>(
    { name: 'disk', usage: USAGE, parse: parseDiskOptions, run: measureDisk, format: formatDiskResult },
    args,
  );
}

async function measureDisk(options: DiskOptions, context: BenchContext): Promise<DiskResult> {
  const startUnixMs = Date.now();
  const shapes: ShapeFigures[] = [];
  for (const traceSpans of options.traceSpans) {
    const shape = { seed: options.seed, spans: options.spans, traceSpans, startUnixMs };
    context.say(`${traceSpans} spans a trace: Clew`);
    const clew = await storeShape(await startClewTarget({ ...context, flags: options.clewFlags }), shape);
    let baseline: StoredShape | undefined;
    if (options.hasBaseline) {
      context.say(`${traceSpans} spans a trace: baseline`);
      baseline = await storeShape(await startBaselineTarget(context), shape);
      if (baseline.spans !== clew.spans) throw new Error(`disk bench: ${clew.spans} and ${baseline.spans} spans.`);
    }
    shapes.push({ traceSpans, clew, ...(baseline === undefined ? {} : { baseline }) });
  }
  return { shapes };
}

async function storeShape(target: Target, shape: Parameters<typeof shapedRequests>[0]): Promise<StoredShape> {
  const deadlineMs = performance.now() + timeoutMs(shape.spans);
  const { spans, bodyBytes } = await sendAll(target, shape);
  await target.drained(spans, deadlineMs);
  await mergeToOnePart(target);
  await mergesQuiet(target, deadlineMs, () => undefined);
  await verifyStored(target, spans);
  const disk = await readDiskFigures(target);
  const columns = await readColumnBytes(target);
  await target.stop();
  return { name: target.name, spans, bodyBytes, diskBytes: disk.bytes, spanParts: disk.spanParts, columns };
}

/** All requests, on a few connections; refused ones again. */
async function sendAll(
  target: Target,
  shape: Parameters<typeof shapedRequests>[0],
): Promise<{ spans: number; bodyBytes: number }> {
  const requests = shapedRequests(shape);
  let spans = 0;
  let bodyBytes = 0;
  const work = async (sender: RequestSender): Promise<void> => {
    for (;;) {
      const next = requests.next();
      if (next.done === true) break;
      const { body, spanCount } = next.value;
      while ((await sender.send(body)).kind === 'refused') await sleep(RETRY_MS);
      spans += spanCount;
      bodyBytes += body.length;
    }
    sender.close();
  };
  const url = target.urlOf('http');
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      work(openSender({ transport: 'http', url, form: PLAIN_PROTOBUF, tenant: '' })),
    ),
  );
  return { spans, bodyBytes };
}
