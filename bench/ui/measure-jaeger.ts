/** A built Jaeger UI on the same trace, in the same browser. */
import type { Browser } from '@playwright/test';
import type { PageFigures } from './measure-clew.ts';
import { type Opened, probeSource, readMemory, readOpened, timeFrames } from './page-probe.ts';

const ROWS = '.VirtualizedTraceView--spans .span-row, .VirtualizedTraceView--row, .span-row';
const SLOW_FRAMES = 180;
const FLING_FRAMES = 120;

export async function measureJaeger(
  browser: Browser,
  {
    url,
    traceId,
    spans,
    runs,
  }: { readonly url: string; readonly traceId: string; readonly spans: number; readonly runs: number },
): Promise<PageFigures> {
  const opened: Opened[] = [];
  // One context: what a person's browser keeps of the page's code, this one does.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  for (let run = 1; ; run++) {
    const page = await context.newPage();
    try {
      await page.addInitScript(probeSource(ROWS, 15));
      await page.goto(`${url}/trace/${traceId}`);
      opened.push(await readOpened(page, `/api/traces/${traceId}`));
      await page.getByText('run batch').first().waitFor({ state: 'visible', timeout: 30_000 });
      if (run < runs) continue;
      const memory = await readMemory(page);
      const scroll = await timeFrames(page, SLOW_FRAMES, '() => scrollBy(0, 40)');
      const fling = await timeFrames(
        page,
        FLING_FRAMES,
        '(frame) => scrollTo(0, (document.documentElement.scrollHeight * ((frame * 37) % 100)) / 100)',
      );
      return { subject: 'Jaeger UI', spans, opened, memory, scroll, fling };
    } finally {
      await page.close();
    }
  }
}
