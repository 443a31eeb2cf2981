import type { FoundTrace, SearchStatistics } from '@clew/contract';
import { MAX_SEARCH_LIMIT } from '@clew/contract/routes';
import type { TempoSearchMetrics, TempoSearchResponse } from '@clew/wire/tempo/tempo-messages';
import { searchTraces } from '../../query/search.ts';
import type { ReadOptions, SpanStore } from '../../store/span-store.ts';
import { ApiError } from '../problem.ts';
import { foundToTempo } from './found-to-tempo.ts';
import { Mailbox } from './mailbox.ts';
import type { TempoSearch } from './search-request.ts';

export interface RunSearch {
  readonly store: SpanStore;
  readonly tenant: string;
  readonly search: TempoSearch;
  /** Of all pages together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onRead: (rows: number, bytes: number) => void;
  /** Whether the messages go out one by one. */
  readonly isStreamed: boolean;
}

/** Progress is told in hundredths: Grafana shows completedJobs of totalJobs. */
const TOTAL_JOBS = 100;
/** What a page may take at least. */
const MIN_PAGE_MS = 1_000;

/**
 * The traces as they are found, newest first, each once, with metrics that add up. The first message comes at once, and
 * the last says that all was looked at, unless a limit cut it short.
 * @throws TraceqlError, QueryError, ApiError 504 where a limit cut it short before anything was found
 */
export async function* runSearch(options: RunSearch): AsyncGenerator<TempoSearchResponse> {
  const progress = new Progress(options.search);
  yield { traces: [], metrics: progress.metrics };
  let cursor: string | undefined;
  const startedMs = performance.now();
  do {
    const found = new Mailbox<readonly FoundTrace[]>();
    const timeoutMs = Math.max(options.timeoutMs - (performance.now() - startedMs), MIN_PAGE_MS);
    const page = loadPage(options, cursor, progress.missing, timeoutMs, (traces) => found.put(traces));
    void page.then(
      () => found.close(),
      () => found.close(),
    );
    for await (const traces of found) {
      progress.add(traces);
      yield { traces: traces.map(foundToTempo), metrics: progress.metrics };
    }
    const { statistics, next } = await page;
    options.onRead(statistics.rowsRead, statistics.bytesRead);
    progress.count(statistics);
    cursor = statistics.complete ? next : undefined;
    if (!statistics.complete) {
      // Its messages have no place for a reason, and "nothing" would be taken for an answer.
      if (progress.isEmpty) throw nothingInTime(statistics.incompleteReason);
      yield { traces: [], metrics: progress.metrics };
      return;
    }
  } while (cursor !== undefined && progress.missing > 0);
  progress.finish();
  yield { traces: [], metrics: progress.metrics };
}

function nothingInTime(reason = 'a limit was reached'): ApiError {
  return new ApiError(
    504,
    'QUERY_TIMED_OUT',
    `search: nothing found, but not all was looked at: ${reason}. Narrow the time range or name a service.`,
  );
}

interface Page {
  readonly statistics: SearchStatistics;
  readonly next: string | undefined;
}

async function loadPage(
  { store, tenant, search, signal, isStreamed }: RunSearch,
  cursor: string | undefined,
  missing: number,
  timeoutMs: number,
  onFound: (traces: readonly FoundTrace[]) => void,
): Promise<Page> {
  const options: ReadOptions = { signal, timeoutMs };
  const { text, range, spansPerSpanSet } = search;
  const answer = await searchTraces(store, {
    ...{ tenant, text, range, cursor, options, onFound, isWatched: isStreamed && cursor === undefined },
    limit: Math.min(missing, MAX_SEARCH_LIMIT),
    spansPerTrace: spansPerSpanSet,
  });
  return { statistics: answer.statistics, next: answer.cursor };
}

class Progress {
  readonly #search: TempoSearch;
  #found = 0;
  #completed = 0;
  #bytes = 0;
  #traces = 0;
  #spans = 0;

  constructor(search: TempoSearch) {
    this.#search = search;
  }

  get isEmpty(): boolean {
    return this.#found === 0;
  }

  get missing(): number {
    return this.#search.limit - this.#found;
  }

  get metrics(): TempoSearchMetrics {
    return {
      inspectedTraces: this.#traces,
      inspectedBytes: BigInt(this.#bytes),
      completedJobs: this.#completed,
      totalJobs: TOTAL_JOBS,
      inspectedSpans: BigInt(this.#spans),
    };
  }

  /** Walked from new to old, so the last trace tells how far. */
  add(traces: readonly FoundTrace[]): void {
    this.#found += traces.length;
    const { limit, range } = this.#search;
    const last = traces.at(-1);
    const start = last === undefined ? range.toUnixNano : BigInt(last.startTimeUnixNano);
    const walked = Number(range.toUnixNano - start) / Number(range.toUnixNano - range.fromUnixNano);
    const share = Math.max(this.#found / limit, Math.min(walked, 1));
    this.#completed = Math.max(this.#completed, Math.min(Math.floor(share * TOTAL_JOBS), TOTAL_JOBS - 1));
  }

  count(statistics: SearchStatistics): void {
    this.#bytes += statistics.bytesRead;
    this.#traces += statistics.tracesInspected ?? 0;
    this.#spans += statistics.spansInspected ?? statistics.rowsRead;
  }

  finish(): void {
    this.#completed = TOTAL_JOBS;
  }
}
