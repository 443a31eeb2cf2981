/**
 * The usual way, in the same browser: OTLP JSON, an object for every span, a tree by a map of ids, elements for the
 * first 300 rows. It has no bars, no ruler, no details: a real page costs more.
 */
import type { Browser } from '@playwright/test';
import type { PageFigures } from './measure-clew.ts';
import { type Opened, probeSource, readMemory, readOpened } from './page-probe.ts';

const SHOWN_ROWS = 300;

const SOURCE = (traceId: string): string => `(async () => {
  const answer = await fetch('/api/v1/traces/${traceId}', { headers: { accept: 'application/json' } });
  const data = JSON.parse(await answer.text());
  const byId = new Map();
  const spans = [];
  for (const { resource, scopeSpans } of data.resourceSpans) {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
    for (const { spans: ofScope } of scopeSpans) {
      for (const span of ofScope) {
        const start = Number(BigInt(span.startTimeUnixNano) / 1000n);
        const end = Number(BigInt(span.endTimeUnixNano) / 1000n);
        const node = { ...span, service, start, duration: end - start, children: [], depth: 0 };
        byId.set(span.spanId, node);
        spans.push(node);
      }
    }
  }
  const roots = [];
  for (const span of spans) (byId.get(span.parentSpanId)?.children ?? roots).push(span);
  const byStart = (a, b) => a.start - b.start;
  const rows = [];
  const stack = roots.sort(byStart).reverse();
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    rows.push(span);
    for (const child of span.children.sort(byStart).reverse()) {
      child.depth = span.depth + 1;
      stack.push(child);
    }
  }
  globalThis.__rows = rows;
  const list = document.createElement('ol');
  for (const row of rows.slice(0, ${SHOWN_ROWS})) {
    const item = document.createElement('li');
    item.className = 'baseline-row';
    for (const text of [row.service, row.name, String(row.duration)]) {
      const part = document.createElement('span');
      part.textContent = text;
      item.append(part);
    }
    list.append(item);
  }
  document.body.replaceChildren(list);
})()`;

export async function measureBaseline(
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
    // An empty page of the same origin, so that nothing but the baseline runs in it.
    await page.route('**/baseline', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>baseline</title>' }),
    );
    await page.addInitScript(probeSource('.baseline-row', 15));
    await page.goto(`${ui}/baseline`);
    const startMs = await page.evaluate<number>('performance.now()');
    await page.evaluate(SOURCE(traceId));
    const figures = await readOpened(page, `/api/v1/traces/${traceId}`);
    // The empty page was there before: its time is not the baseline's.
    opened.push({ ...figures, rowsMs: figures.rowsMs - startMs });
    const shown = await page.evaluate<{ readonly rows: number; readonly first: string; readonly last: string }>(
      `({ rows: __rows.length, first: __rows[0].name, last: __rows.find(({ name }) => name === 'last call')?.name })`,
    );
    if (shown.rows !== spans || shown.first !== 'run batch' || shown.last !== 'last call') {
      throw new Error(`the baseline built ${JSON.stringify(shown)} of ${spans} spans.`);
    }
    if (run === runs) {
      const memory = await readMemory(page);
      await context.close();
      return { subject: 'baseline', spans, opened, memory };
    }
    await page.close();
  }
}
