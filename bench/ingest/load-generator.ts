/** The sender, in a process of its own so that its CPU is not counted: `load-generator.mjs <LoadSetup as JSON>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import type { FromLoadGenerator, LoadOrder, LoadResult, LoadSetup } from './load-messages.ts';
import { RequestTemplate } from './request-template.ts';
import { openSender, type RequestSender } from './send-request.ts';

const compress = promisify(gzip);
/** Traces of a request start within this time. */
const SPREAD_NANO = 1_000_000_000n;
const GENERATED_START_UNIX_NANO = 1_760_000_000_000_000_000n;
const RETRY_PAUSE_MS = 100;

const setup = JSON.parse(process.argv[2] ?? '') as LoadSetup;
const templates: RequestTemplate[] = [];
for (let i = 0; i < setup.templates; i++) {
  const [body] = generateRequestBodies({
    seed: setup.seed + i,
    bodies: 1,
    spansPerBody: setup.batch,
    startTimeUnixNano: GENERATED_START_UNIX_NANO,
    spreadNano: SPREAD_NANO,
  });
  templates.push(new RequestTemplate(body, GENERATED_START_UNIX_NANO));
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const senders = Array.from({ length: order.connections }, () => openSender(order.transport, order.url, order.gzip));
  // A template is in one request at a time; taken in turn, so that equal contents are far apart.
  const free = [...templates];
  const latenciesMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  let started = 0;
  let spans = 0;
  let retries = 0;
  let sentBytes = 0;

  const sendOne = async (sender: RequestSender, template: RequestTemplate): Promise<void> => {
    template.renew(BigInt(Date.now()) * 1_000_000n - SPREAD_NANO);
    const body = order.gzip ? await compress(template.body) : template.body;
    const sentMs = performance.now();
    while ((await sender.send(body)) === 'try-again') {
      retries++;
      if (performance.now() - startMs > order.timeoutMs) throw new Error(`still refused after ${order.timeoutMs} ms.`);
      await sleep(RETRY_PAUSE_MS);
    }
    latenciesMs.push(performance.now() - sentMs);
    spans += template.spanCount;
    sentBytes += body.byteLength;
  };
  const work = async (sender: RequestSender): Promise<void> => {
    while (started < order.requests) {
      const index = started++;
      if (order.requestsPerSecond !== undefined) {
        const waitMs = startMs + (index * 1000) / order.requestsPerSecond - performance.now();
        if (waitMs > 1) await sleep(waitMs);
      }
      if (performance.now() - startMs > order.timeoutMs) throw new Error(`not done after ${order.timeoutMs} ms.`);
      const template = free.shift();
      if (template === undefined) throw new Error(`more connections than templates (${templates.length}).`);
      await sendOne(sender, template);
      free.push(template);
    }
  };
  try {
    await Promise.all(senders.map(work));
  } finally {
    for (const sender of senders) sender.close();
  }
  const wallMs = performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))];
  return {
    acknowledgedSpans: spans,
    retries,
    sentBytes,
    wallMs,
    acknowledgeMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
    generatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

function tell(message: FromLoadGenerator): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => tell({ kind: 'loaded', ...result }),
    (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
const bytes = templates.reduce((sum, { body }) => sum + body.byteLength, 0);
tell({ kind: 'ready', bytesPerSpan: bytes / (templates.length * setup.batch) });
