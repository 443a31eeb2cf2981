import type { TailEvent, TailTrace } from '@clew/contract';
import type { TraceId } from '@clew/model';
import {
  buildStatic,
  type FieldExpression,
  type Intrinsic,
  parseQuery,
  type SpansetQuery,
  soleFilter,
  TraceqlError,
} from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import type {
  ReadOptions,
  ReceivedTrace,
  SpanSearch,
  SpanStore,
  TimeRange,
  TracePosition,
} from '../store/span-store.ts';
import { FilterJudge } from './search/filter-judge.ts';
import type { Judge } from './search/judge.ts';
import { planSearch } from './search/plan-search.ts';
import { TraceJudge } from './search/trace-judge.ts';

export interface TailRequest {
  readonly tenant: string;
  /** TraceQL of spansets. */
  readonly text: string;
  /** Most traces told of in one look, 1 or more. */
  readonly tracesPerLook: number;
  readonly spansPerTrace: number;
  /** Spans received since then are looked at. */
  readonly sinceUnixMs: number;
}

/**
 * How long after its reception a span is still looked for: the wait for its insert, and a store that is behind. A
 * span that becomes visible later than that is not told of.
 */
export const VISIBLE_WITHIN_MS = 15_000;
/** Spans that started longer ago than this, or begin later than this from now, are not followed. */
export const FOLLOWED_STARTS_MS = 3_600_000;
/** Traces with new spans that are looked at in one look, the latest first. */
export const MAX_CANDIDATES = 500;
/** Traces remembered, so that each is told of once for each of its changes. */
const MAX_REMEMBERED = 20_000;
/** The look's window moves in steps, so that a trace whose spans leave it does not seem to have changed. */
const WINDOW_STEP_MS = 5_000;
const LOOK_TIMEOUT_MS = 5_000;

const TRUE: FieldExpression = buildStatic({ type: 'bool', value: true });

interface Remembered {
  /** Spans of it that have been looked at. */
  readonly received: string;
  /** What was told; undefined when it did not match. */
  readonly told: string | undefined;
}

/**
 * Follows a query: each look finds the traces that match among those that got new spans. A trace is told of when it
 * first matches, and again (`again`) when its number of matching spans, of errors, or its root has changed since.
 */
export class Tail {
  readonly #store: SpanStore;
  readonly #request: TailRequest;
  readonly #query: SpansetQuery;
  /** What a new span must satisfy for its trace to be looked at. */
  readonly #condition: FieldExpression;
  readonly #remembered = new Map<TraceId, Remembered>();

  /** @throws TraceqlError */
  constructor(store: SpanStore, request: TailRequest) {
    this.#store = store;
    this.#request = request;
    this.#query = parseSpansetQuery(request.text);
    // Elsewhere any new span may complete a match: a root that arrives last, the other side of a relation.
    const filter = soleFilter(this.#query)?.expression;
    this.#condition = filter !== undefined && isOfSpanAlone(filter) ? filter : TRUE;
  }

  /**
   * What has come since the last look.
   * @throws what the store throws; the next look finds what this one would have.
   */
  async look(nowUnixMs: number, options: ReadOptions = {}): Promise<readonly TailEvent[]> {
    const search = this.#store.openSearch(this.#request.tenant, { ...options, timeoutMs: LOOK_TIMEOUT_MS });
    const range = rangeAround(nowUnixMs);
    const sinceUnixSeconds = Math.floor(this.resumableFrom(nowUnixMs) / 1000);
    const { traces, traceCount } = await search.receivedTraces({
      condition: this.#condition,
      range,
      sinceUnixSeconds,
      limit: MAX_CANDIDATES,
    });
    const changed = traces.filter((trace) => this.#remembered.get(trace.traceId)?.received !== receivedText(trace));
    const events = changed.length === 0 ? [] : await this.#judgeAll(search, range, changed);
    // Latest first: when even the last one is news, what lies behind it may be news as well.
    const isCut = traceCount > traces.length && changed.at(-1) === traces.at(-1);
    if (!isCut) return events;
    return [...events, { kind: 'skipped', traceCount: traceCount - traces.length, reason: 'not-looked-at' }];
  }

  /** The start of the window of a look at this time: a tail that begins there misses nothing. Milliseconds. */
  resumableFrom(nowUnixMs: number): number {
    const step = Math.floor((nowUnixMs - VISIBLE_WITHIN_MS) / WINDOW_STEP_MS) * WINDOW_STEP_MS;
    return Math.max(this.#request.sinceUnixMs, step);
  }

  #judgeAll(search: SpanSearch, range: TimeRange, changed: readonly ReceivedTrace[]): Promise<readonly TailEvent[]> {
    const query = this.#query;
    const { tier, filter, required, fields } = planSearch(query, search);
    const { spansPerTrace } = this.#request;
    if (tier === 'sql') {
      const shown = [...fields.named, ...fields.selected];
      return this.#judge(new FilterJudge({ search, filter, range, spansPerTrace, fields: shown }), changed);
    }
    return this.#judge(
      new TraceJudge({ search, query, required, range, spansPerTrace, fields: fields.named }),
      changed,
    );
  }

  async #judge<F extends TracePosition>(
    judge: Judge<F>,
    changed: readonly ReceivedTrace[],
  ): Promise<readonly TailEvent[]> {
    const { findings, decided } = await judge.decide(changed);
    const shown = await judge.show(findings);
    const told = new Map(changed.map(({ traceId }) => [traceId, this.#remembered.get(traceId)?.told]));
    const news: TailTrace[] = [];
    for (const trace of shown) {
      const before = told.get(trace.traceId as TraceId);
      const now = `${trace.matchedCount} ${trace.errorCount} ${trace.rootService} ${trace.rootName}`;
      told.set(trace.traceId as TraceId, now);
      if (before !== now) news.push({ ...trace, again: before !== undefined });
    }
    // What a limit left undecided is looked at again.
    for (const trace of changed.slice(0, decided)) this.#remember(trace, told.get(trace.traceId));
    news.sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
    const room = this.#request.tracesPerLook;
    const events: TailEvent[] = news.slice(-room).map((trace) => ({ kind: 'trace', trace }));
    if (news.length <= room) return events;
    return [...events, { kind: 'skipped', traceCount: news.length - room, reason: 'rate' }];
  }

  #remember(trace: ReceivedTrace, told: string | undefined): void {
    this.#remembered.delete(trace.traceId);
    this.#remembered.set(trace.traceId, { received: receivedText(trace), told });
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) return;
      this.#remembered.delete(oldest);
    }
  }
}

function parseSpansetQuery(text: string): SpansetQuery {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'spanset-query') return query;
  throw new TraceqlError(
    'TRACEQL_TYPE',
    'tail: a metrics query yields series, and nothing to follow. Leave out the metrics function.',
    query.at,
  );
}

const OF_TRACE: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['traceDuration', 'rootName', 'rootServiceName', 'span:childCount'] as const),
  ...(['nestedSetLeft', 'nestedSetRight', 'nestedSetParent'] as const),
]);

/** Whether a span satisfies it or not whatever else of its trace arrives. */
function isOfSpanAlone(expression: FieldExpression): boolean {
  switch (expression.kind) {
    case 'static':
      return true;
    case 'attribute':
      return expression.ofParent !== true;
    case 'intrinsic':
      return !OF_TRACE.has(expression.intrinsic);
    case 'not':
    case 'negate':
      return isOfSpanAlone(expression.operand);
    default:
      return isOfSpanAlone(expression.left) && isOfSpanAlone(expression.right);
  }
}

function rangeAround(nowUnixMs: number): TimeRange {
  return {
    fromUnixNano: BigInt(Math.floor(nowUnixMs - FOLLOWED_STARTS_MS)) * 1_000_000n,
    toUnixNano: BigInt(Math.ceil(nowUnixMs + FOLLOWED_STARTS_MS)) * 1_000_000n,
  };
}

function receivedText({ receivedUnixSeconds, spanCount }: ReceivedTrace): string {
  return `${receivedUnixSeconds} ${spanCount}`;
}
