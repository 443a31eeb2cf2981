/** Clew's own trace page. */
import type { Browser, Page } from '@playwright/test';
import {
  type FrameFigures,
  type MemoryFigures,
  type Opened,
  probeSource,
  readMemory,
  readOpened,
  timeFrames,
  timeUntil,
} from './page-probe.ts';

export interface PageFigures {
  readonly subject: string;
  readonly spans: number;
  /** One for each time it was opened. */
  readonly opened: readonly Opened[];
  readonly scroll?: FrameFigures;
  readonly fling?: FrameFigures;
  readonly zoom?: FrameFigures;
  readonly foldMs?: number;
  readonly unfoldMs?: number;
  readonly findMs?: number;
  readonly memory?: MemoryFigures;
  /** Why there are no figures. */
  readonly failed?: string;
}

const SLOW_FRAMES = 180;
const FLING_FRAMES = 120;
const ZOOM_FRAMES = 60;
const ROWS = '[role=treegrid] [role=row]:not([hidden])';
const ROW_COUNT = `Number(document.querySelector('[role=treegrid]').getAttribute('aria-rowcount'))`;

/** What every trace of the benchmark holds; see planBatchJob. */
const ROOT = /^batch, run batch/;
const LAST = /, last call,/;

export async function measureClew(
  browser: Browser,
  {
    ui,
    traceId,
    spans,
    runs,
  }: { readonly ui: string; readonly traceId: string; readonly spans: number; readonly runs: number },
): Promise<PageFigures> {
  const opened: Opened[] = [];
  // One context: what a person's browser keeps of the page's code, this one does.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  for (let run = 1; ; run++) {
    const page = await context.newPage();
    await page.addInitScript(probeSource(ROWS, 15));
    // Every span as a row of its own: grouping repeated ones would spare most of the work.
    await page.goto(`${ui}/trace/${traceId}?group=0`);
    opened.push(await readOpened(page, `/api/v1/traces/${traceId}`));
    await requireRow(page, ROOT);
    if (run === runs) {
      const used = await usePage(page, spans);
      await context.close();
      return { subject: 'Clew', spans, opened, ...used };
    }
    await page.close();
  }
}

async function usePage(page: Page, spans: number): Promise<Omit<PageFigures, 'subject' | 'spans' | 'opened'>> {
  const tree = page.getByRole('treegrid');
  const rowCount = Number(await tree.getAttribute('aria-rowcount'));
  if (rowCount !== spans) throw new Error(`Clew shows ${rowCount} rows of ${spans} spans.`);
  const memory = await readMemory(page);
  const scroller = `(() => {
    let element = document.querySelector('[role=treegrid]');
    while (element.scrollHeight <= element.clientHeight + 1 && element.parentElement !== null) element = element.parentElement;
    return element;
  })()`;
  const scroll = await timeFrames(page, SLOW_FRAMES, `((element) => () => { element.scrollTop += 40; })(${scroller})`);
  const fling = await timeFrames(
    page,
    FLING_FRAMES,
    `((element) => (frame) => { element.scrollTop = (element.scrollHeight * ((frame * 37) % 100)) / 100; })(${scroller})`,
  );
  await tree.focus();
  await page.keyboard.press('End');
  await requireRow(page, LAST);
  await page.keyboard.press('Home');
  await requireRow(page, ROOT);
  const press = (key: string): string =>
    `document.querySelector('[role=treegrid]').dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true }))`;
  const zoom = await timeFrames(
    page,
    ZOOM_FRAMES,
    `(frame) => { if (frame % 6 === 0) { ${press('w')}; } else if (frame % 6 === 3) { ${press('s')}; } }`,
  );
  await page.keyboard.press('0');
  const foldMs = await timeUntil(page, `() => { ${press('{')}; }`, `${ROW_COUNT} === 1`);
  const unfoldMs = await timeUntil(page, `() => { ${press('}')}; }`, `${ROW_COUNT} === ${spans}`);
  await requireRow(page, ROOT);
  const findMs = await timeUntil(
    page,
    `() => {
      const field = document.querySelector('input[type=search]');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'last call');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }`,
    `[...document.querySelectorAll('[role=status]')].some(({ textContent }) => /of 1$|^1 match/.test(textContent.trim()))`,
  );
  return { memory, scroll, fling, zoom, foldMs, unfoldMs, findMs };
}

async function requireRow(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('row', { name }).first().waitFor({ state: 'visible', timeout: 30_000 });
}
