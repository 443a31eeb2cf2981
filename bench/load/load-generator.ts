/** The sender, in a process of its own so that its CPU is not counted: `load-generator.mjs <LoadSetup as JSON>`. */
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import type { FromLoadGenerator, LoadGeneratorOrder, LoadSetup } from './load-messages.ts';
import { SPREAD_NANO } from './request-source.ts';
import { RequestTemplate } from './request-template.ts';
import { runFlood } from './run-flood.ts';
import { runLoad } from './run-load.ts';

const GENERATED_START_UNIX_NANO = 1_760_000_000_000_000_000n;

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

async function carryOut(order: LoadGeneratorOrder): Promise<FromLoadGenerator> {
  try {
    if (order.kind === 'flood') return { kind: 'flooded', ...(await runFlood(templates, order)) };
    return { kind: 'loaded', ...(await runLoad(templates, order)) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function tell(message: FromLoadGenerator): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: LoadGeneratorOrder) => {
  void carryOut(order).then(tell);
});
const bytes = templates.reduce((sum, { body }) => sum + body.byteLength, 0);
tell({ kind: 'ready', bytesPerSpan: bytes / (templates.length * setup.batch) });
