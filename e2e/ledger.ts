/** What senders were told about every trace, and whether the store agrees: the proof that nothing is lost or doubled. */
import type { SearchAnswer, StatusAnswer } from '@clew/contract';
import type { TraceId } from '@clew/model';
import { waitUntil } from './wait-until.ts';

/**
 * `acknowledged`: stored exactly once. `refused`: the last answer was a refusal, not stored. `unknown`: the connection
 * broke before an answer, stored once or not at all.
 */
export type Fate = 'acknowledged' | 'refused' | 'unknown';

export interface LedgerEntry {
  readonly tenant: string;
  readonly spanCount: number;
  readonly fate: Fate;
}

export interface Verdict {
  /** Acknowledged spans that are not in the store. */
  readonly lostSpans: number;
  /** Spans in the store beyond those that were sent. */
  readonly doubledSpans: number;
  /** A line for every trace that is not as it should be. */
  readonly faults: readonly string[];
  readonly acknowledgedSpans: number;
}

const TRACE_ID_DIGITS = 32;
const COUNTER_DIGITS = 12;

const PAGE_ATTEMPTS = 5;

/** Every trace is of one request. */
export class Ledger {
  readonly traces = new Map<string, LedgerEntry>();
  readonly #prefix: string;
  readonly #startedUnixMs = Date.now();
  #next = 1;

  /** Ledgers with different seeds do not share trace ids. */
  constructor(seed: number) {
    const digits = TRACE_ID_DIGITS - COUNTER_DIGITS;
    this.#prefix = (seed >>> 0).toString(16).padStart(8, '0').padEnd(digits, 'c');
  }

  newTraceId(): TraceId {
    return `${this.#prefix}${(this.#next++).toString(16).padStart(COUNTER_DIGITS, '0')}` as TraceId;
  }

  note(traceId: string, entry: LedgerEntry): void {
    this.traces.set(traceId, entry);
  }

  count(fate: Fate): number {
    let count = 0;
    for (const entry of this.traces.values()) if (entry.fate === fate) count++;
    return count;
  }

  /** Waits for the journal to drain, then compares every trace. `mayMiss`: acknowledged and known to be damaged. */
  async check(uiUrl: string, mayMiss: ReadonlySet<string> = new Set()): Promise<Verdict> {
    await waitForDrainedJournal(uiUrl);
    const faults: string[] = [];
    let lostSpans = 0;
    let doubledSpans = 0;
    let acknowledgedSpans = 0;
    const tenants = new Set([...this.traces.values()].map(({ tenant }) => tenant));
    const stored = new Map<string, number>();
    for (const tenant of tenants) {
      for (const [traceId, count] of await this.#storedSpanCounts(uiUrl, tenant)) {
        if (!this.traces.has(traceId)) faults.push(`${traceId} of ${tenant}: stored, never sent`);
        stored.set(traceId, (stored.get(traceId) ?? 0) + count);
      }
    }
    for (const [traceId, { spanCount, fate, tenant }] of this.traces) {
      const count = stored.get(traceId) ?? 0;
      const isAcknowledged = fate === 'acknowledged' && !mayMiss.has(traceId);
      if (fate === 'acknowledged') acknowledgedSpans += spanCount;
      if (isAcknowledged) lostSpans += Math.max(0, spanCount - count);
      doubledSpans += Math.max(0, count - spanCount);
      const isRight = count === spanCount ? fate !== 'refused' : count === 0 && !isAcknowledged;
      if (!isRight) faults.push(`${traceId} of ${tenant}, ${fate}: ${spanCount} spans sent, ${count} stored`);
    }
    return { lostSpans, doubledSpans, faults, acknowledgedSpans };
  }

  /** Span counts of every stored trace, page by page. */
  async #storedSpanCounts(uiUrl: string, tenant: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    // Points in time, not "now": the clock of the program may be another.
    const start = String(Math.floor(this.#startedUnixMs / 1000) - 3_600);
    const end = String(Math.ceil(Date.now() / 1000) + 3_600);
    let cursor = '';
    do {
      const query = new URLSearchParams({ q: '{ }', start, end, limit: '1000', spss: '0' });
      if (cursor !== '') query.set('cursor', cursor);
      const page = await completePage(`${uiUrl}/api/v1/search?${query}`, tenant);
      for (const { traceId, spanCount } of page.traces) counts.set(traceId, spanCount);
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    return counts;
  }
}

/** An incomplete page proves nothing: asked for again, since the machine may be busy with what the test does to it. */
async function completePage(url: string, tenant: string): Promise<SearchAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, { headers: { 'x-scope-orgid': tenant } });
    if (answer.status !== 200) throw new Error(`search answered ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as SearchAnswer;
    if (page.statistics.complete) return page;
    if (attempt === PAGE_ATTEMPTS) throw new Error(`search: incomplete: ${page.statistics.incompleteReason}`);
  }
}

export async function statusOf(uiUrl: string): Promise<StatusAnswer | undefined> {
  const answer = await fetch(`${uiUrl}/api/v1/status`).catch(() => undefined);
  if (answer === undefined) return undefined;
  if (answer.ok) return (await answer.json()) as StatusAnswer;
  await answer.arrayBuffer();
  return undefined;
}

export async function waitForDrainedJournal(uiUrl: string): Promise<void> {
  await waitUntil(async () => (await statusOf(uiUrl))?.journal.entries === 0, 'the journal to be empty', 120_000);
}

/** Values of a metric by its labels as Prometheus writes them, e.g. `reason="hang"`; '' for none. */
export async function metricOf(uiUrl: string, name: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${uiUrl}/metrics`)).text();
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{([^}]*)\})? (\S+)$/.exec(line);
    if (match?.[1] === name) values.set(match[2] ?? '', Number(match[3]));
  }
  return values;
}
