import type { FoundAttribute, FoundSpan, FoundSpanset, FoundTrace } from '@clew/contract';
import type { SpanId, TraceId } from '@clew/model';
import type { FieldReference, Pipeline } from '@clew/traceql';
import { type ColumnPlan, preparePipeline, type RowSet, type RunPipeline } from '@clew/traceql/columnar';
import { valueText } from '@clew/traceql/evaluate';
import { compareAttributes } from '@clew/traceql/evaluate/spanset';
import type {
  MatchedSpan,
  SampledMatch,
  SpanRows,
  SpanSearch,
  TimeRange,
  TracePosition,
  TraceRequirement,
  TraceSummary,
} from '../../store/span-store.ts';
import { compareLongestFirst, foundAttribute, foundStoredSpan, foundSummary } from './found-span.ts';
import type { Judge, Judgement } from './judge.ts';
import { MAX_SHOWN_SPANSETS } from './trace-judge.ts';

/** Candidate traces whose spans are asked for in one statement. */
const MAX_TRACES_AT_ONCE = 2_048;

/**
 * Candidates that are read with all that is shown of them, their resources and whole-trace facts, though few may be
 * found: what lies beside the rows that are read anyway costs less than a further statement. Of more candidates that is
 * asked for what is on the page.
 */
const MAX_TRACES_AS_SHOWN = 256;
/** Rows that whole-trace facts are taken from at most. */
const MAX_SUMMARIZED_ROWS = 50_000;

/** A span that is shown, with its attributes, or without those that only the page's spans are asked for. */
interface RowSpan {
  readonly span: MatchedSpan;
  /** Whether `span.values` is all that is shown. */
  readonly isWhole: boolean;
  /** Tells it from others that are the same in all that is shown: what the query computes of it. */
  readonly verdict: string;
}

/** What the rows of candidates hold. */
interface RowsExtent {
  /** All that is shown of a span. */
  readonly isWhole: boolean;
  /** Every span of each trace. */
  readonly needsAllSpans: boolean;
}

interface RowFindingSet {
  readonly attributes: readonly FoundAttribute[];
  readonly matchedCount: number;
  readonly spans: readonly RowSpan[];
}

export interface RowFinding extends SampledMatch {
  /** Undefined: to be asked for. */
  readonly summary: TraceSummary | undefined;
  readonly spansets: readonly RowFindingSet[];
}

export interface RowsJudgeRequest {
  readonly search: SpanSearch;
  readonly pipeline: Pipeline;
  readonly columns: ColumnPlan;
  readonly required: readonly TraceRequirement[];
  readonly range: TimeRange;
  readonly spansPerTrace: number;
  readonly fields: readonly FieldReference[];
}

/** The engine says which spans satisfy which condition; what relates, groups and counts them runs over the columns. */
export class RowsJudge implements Judge<RowFinding> {
  readonly #request: RowsJudgeRequest;
  readonly #run: RunPipeline;

  constructor(request: RowsJudgeRequest) {
    this.#request = request;
    this.#run = preparePipeline(request.pipeline, request.columns);
  }

  async decide(candidates: readonly TracePosition[]): Promise<Judgement<RowFinding>> {
    const { search } = this.#request;
    const findings: RowFinding[] = [];
    let decided = 0;
    let spansInspected = 0;
    let leftOut: string | undefined;
    let isTooMuch = false;
    let size = Math.min(candidates.length, MAX_TRACES_AT_ONCE);
    try {
      while (decided < candidates.length) {
        const traceIds = candidates.slice(decided, decided + size).map(({ traceId }) => traceId);
        const { columns, required, fields } = this.#request;
        const isAsShown = traceIds.length <= MAX_TRACES_AS_SHOWN && !isTooMuch;
        const needsAllSpans = columns.needsAllSpans || isAsShown;
        const isWhole = this.#isShownByResources && isAsShown;
        const rows = await search.spanRows({
          columns: { ...columns, needsAllSpans },
          ...{ traceIds, required, shown: isWhole ? fields : [], weighted: true },
        });
        if (rows === undefined && needsAllSpans && !columns.needsAllSpans) {
          isTooMuch = true;
          continue;
        }
        if (rows === undefined && traceIds.length > 1) {
          size = Math.ceil(traceIds.length / 2);
          continue;
        }
        if (rows === undefined) leftOut ??= `trace ${traceIds[0]} has too many spans for this query and was left out`;
        else {
          findings.push(...this.#judge(rows, { isWhole, needsAllSpans }));
          spansInspected += rows.starts.length;
        }
        decided += traceIds.length;
      }
    } catch (error) {
      const stoppedBy = search.limitReason(error);
      if (stoppedBy === undefined) throw error;
      return { findings, decided, spansInspected, stoppedBy };
    }
    const judgement = { findings, decided, spansInspected };
    return leftOut === undefined ? judgement : { ...judgement, leftOut };
  }

  /** Whether all that is shown of a span its resource tells: no further column needs to be read for it. */
  get #isShownByResources(): boolean {
    return this.#request.fields.every(
      (field) => field.kind === 'attribute' && field.scope === 'resource' && field.ofParent !== true,
    );
  }

  *#judge(rows: SpanRows, { isWhole, needsAllSpans }: RowsExtent): Generator<RowFinding> {
    const isSummarized = needsAllSpans && rows.starts.length <= MAX_SUMMARIZED_ROWS;
    for (const [trace, traceId] of rows.traceIds.entries()) {
      const sets = this.#run(rows.table, trace).flatMap((set) => this.#inRange(rows, set));
      if (sets.length === 0) continue;
      sets.sort((a, b) => compareBigint(b.newest, a.newest) || compareAttributes(a.attributes, b.attributes));
      const { spansPerTrace } = this.#request;
      yield {
        traceId,
        newestMatchUnixNano: sets[0].newest,
        matchedCount: sets.reduce((sum, set) => sum + set.rows.length, 0),
        ...weighed(rows, sets),
        summary: isSummarized ? rows.summary(trace) : undefined,
        spansets: sets.slice(0, MAX_SHOWN_SPANSETS).map((set) => ({
          attributes: set.attributes.map(foundAttribute),
          matchedCount: set.rows.length,
          spans: longest(rows, set.rows, spansPerTrace).map((row) => ({
            span: rows.span(row),
            isWhole,
            verdict: verdictOf(rows, row),
          })),
        })),
      };
    }
  }

  /** What of a set lies in the searched range. */
  #inRange({ starts }: SpanRows, { rows, attributes }: RowSet): (RowSet & { readonly newest: bigint })[] {
    const { fromUnixNano, toUnixNano } = this.#request.range;
    let newest = -1n;
    const kept = rows.filter((row) => {
      const start = BigInt.asUintN(64, starts[row]);
      if (start < fromUnixNano || start >= toUnixNano) return false;
      if (start > newest) newest = start;
      return true;
    });
    return kept.length === 0 ? [] : [{ rows: kept, attributes, newest }];
  }

  async show(findings: readonly RowFinding[]): Promise<readonly FoundTrace[]> {
    const { search, spansPerTrace } = this.#request;
    const unknown = findings.filter(({ summary }) => summary === undefined).map(({ traceId }) => traceId);
    const [summaries, shown] = await Promise.all([
      unknown.length === 0 ? new Map<TraceId, TraceSummary>() : search.summaries(unknown),
      this.#shownSpans(findings),
    ]);
    return findings.flatMap((finding) => {
      const summary = finding.summary ?? summaries.get(finding.traceId);
      if (summary === undefined) return [];
      const spansets = finding.spansets.map(({ attributes, matchedCount, spans }): FoundSpanset => {
        return { attributes, matchedCount, spans: spans.map(shown) };
      });
      const matched = spansets.flatMap(({ spans }) => spans).sort(compareLongestFirst);
      return [
        {
          ...foundSummary(summary),
          matchedCount: finding.matchedCount,
          matched: matched.slice(0, spansPerTrace),
          spansets,
        },
      ];
    });
  }

  /** Asks once more for spans of the page whose attributes are not known yet. */
  async #shownSpans(findings: readonly RowFinding[]): Promise<(span: RowSpan) => FoundSpan> {
    const { search, columns, fields } = this.#request;
    const spanIds = new Set<SpanId>();
    const traceIds = new Set<TraceId>();
    for (const { traceId, spansets } of findings) {
      for (const { span, isWhole } of spansets.flatMap(({ spans }) => spans)) {
        if (isWhole) continue;
        traceIds.add(traceId);
        spanIds.add(span.spanId);
      }
    }
    const known = new Map<string, MatchedSpan[]>();
    if (fields.length > 0 && spanIds.size > 0) {
      const request = { columns, traceIds: [...traceIds], required: [], spanIds: [...spanIds], shown: fields };
      const rows = await search.spanRows(request);
      for (let row = 0; row < (rows?.starts.length ?? 0); row++) {
        if (rows === undefined) break;
        const span = rows.span(row);
        const key = identityOf(span, verdictOf(rows, row));
        const same = known.get(key);
        if (same === undefined) known.set(key, [span]);
        else same.push(span);
      }
    }
    // Of spans that are the same to the query each is shown once.
    return ({ span, verdict, isWhole }) => {
      const whole = isWhole ? span : known.get(identityOf(span, verdict))?.shift();
      return foundStoredSpan(whole ?? span, fields);
    };
  }
}

function identityOf(span: MatchedSpan, verdict: string): string {
  const { traceId, spanId, startUnixNano, durationNano, service, name, kind, statusCode } = span;
  return JSON.stringify([
    traceId,
    spanId,
    `${startUnixNano}`,
    `${durationNano}`,
    service,
    name,
    kind,
    statusCode,
    verdict,
  ]);
}

/** Every condition, group and number of a row, as text. */
function verdictOf({ table }: SpanRows, row: number): string {
  const conditions = table.conditions.map((holds) => holds[row]).join('');
  const groups = table.groups.map(({ ids, values }) =>
    JSON.stringify(`${values[ids[row]].type} ${valueText(values[ids[row]])}`),
  );
  const numbers = table.numbers.map(({ kinds, ints, floats }) => `${kinds[row]} ${ints[row]} ${floats[row]}`);
  return [conditions, ...groups, ...numbers].join('|');
}

function weighed({ weights }: SpanRows, sets: readonly RowSet[]): Pick<SampledMatch, 'sampledCount' | 'matchedWeight'> {
  let [sampledCount, matchedWeight] = [0, 0];
  for (const { rows } of sets) {
    for (const row of rows) {
      const weight = weights?.[row] ?? 1;
      if (weight > 1) sampledCount++;
      matchedWeight += weight;
    }
  }
  return { sampledCount, matchedWeight };
}

/** The first rows by duration, longest first, then start; ids decide the rest. */
function longest({ starts, durations, table }: SpanRows, rows: RowSet['rows'], count: number): number[] {
  if (count === 0) return [];
  const order = (a: number, b: number): number =>
    compareBigint(durations[b], durations[a]) || compareBigint(starts[a], starts[b]) || compareIds(table.spanIds, a, b);
  return [...rows].sort(order).slice(0, count);
}

/** Ids as the bytes they are: words are little-endian. */
function compareIds(words: Int32Array, a: number, b: number): number {
  return swapped(words[a * 2]) - swapped(words[b * 2]) || swapped(words[a * 2 + 1]) - swapped(words[b * 2 + 1]);
}

function swapped(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function compareBigint(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
