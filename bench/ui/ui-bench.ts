/** How long a person waits for the trace page, and how smooth it is then, on traces of four sizes. */
import { chromium } from '@playwright/test';
import { planBatchJob, sendTrace } from '../../e2e/browser/send-spans.ts';
import { chromiumLaunchOptions, unpackChromium } from '../../e2e/chromium.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { startJaegerServer } from './jaeger-server.ts';
import { measureBaseline } from './measure-baseline.ts';
import { measureClew, type PageFigures } from './measure-clew.ts';
import { measureJaeger } from './measure-jaeger.ts';
import { parseUiOptions, type UiOptions, USAGE } from './ui-options.ts';
import { formatUiReport } from './ui-report.ts';

export interface UiResult {
  readonly machine: Machine;
  readonly browser: string;
  readonly options: UiOptions;
  readonly pages: readonly PageFigures[];
}

const STORE_TIMEOUT_MS = 600_000;

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    { name: 'bench:ui', usage: USAGE, parse: parseUiOptions, run: runUi, format: formatUiReport },
    given,
  );
}

async function runUi(options: UiOptions, { buildDir, cleanUp, say }: BenchContext): Promise<UiResult> {
  const machine = readMachine();
  await unpackChromium();
  const target = await startClewTarget({ buildDir, cleanUp });
  const ui = target.uiUrl;
  if (ui === undefined) throw new Error('clew did not say where its interface is.');
  const jaeger = options.jaegerUi === undefined ? undefined : await startJaegerServer(options.jaegerUi, ui);
  const browser = await chromium.launch(chromiumLaunchOptions());
  const pages: PageFigures[] = [];
  const measure = async (subject: string, spans: number, run: () => Promise<PageFigures>): Promise<void> => {
    say(`${subject}: ${spans} spans`);
    try {
      pages.push(await run());
    } catch (error) {
      // Clew must manage; that others do not is a result.
      if (subject === 'Clew') throw error;
      const [failed = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      pages.push({ subject, spans, opened: [], failed });
    }
  };
  try {
    let sent = 0;
    for (const spans of options.sizes) {
      say(`sending a trace of ${spans} spans`);
      const traceId = await sendTrace(target.urlOf('http'), planBatchJob(spans));
      sent += spans;
      await target.drained(sent, performance.now() + STORE_TIMEOUT_MS);
      const { runs } = options;
      await measure('Clew', spans, () => measureClew(browser, { ui, traceId, spans, runs }));
      if (spans <= options.baselineMaxSpans) {
        await measure('baseline', spans, () => measureBaseline(browser, { ui, traceId, spans, runs }));
      }
      if (jaeger !== undefined && spans <= options.jaegerMaxSpans) {
        const { url } = jaeger;
        await measure('Jaeger UI', spans, () => measureJaeger(browser, { url, traceId, spans, runs }));
      }
    }
    return { machine, browser: `Chromium ${browser.version()}`, options, pages };
  } finally {
    await browser.close();
    await jaeger?.close();
    await target.stop();
  }
}
