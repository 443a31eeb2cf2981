import { buildTraceColumns } from '@clew/analysis';
import type { TraceColumns, TraceId } from '@clew/model';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import type { Read, SeveralTraces } from '../span-store.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { TRACE_COLUMNS_SQL } from './load-trace-columns.ts';
import { SpanArrays } from './span-arrays.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

/**
 * Traces as columns, in the order of their ids, in two statements. A trace that would bring the spans beyond `maxSpans`
 * is left out, and so are those behind it.
 */
export async function loadSeveralTraces(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
  maxSpans: number,
): Promise<Read<SeveralTraces>> {
  const reader = new TraceReader(maxSpans);
  try {
    if (traceIds.length > 0) await readTraces(runner, tenant, traceIds, reader, maxSpans);
    const { traces, isCut } = reader.finish();
    return { value: { traces, isCut }, statistics: runner.statistics() };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: { traces: [], isCut: true }, statistics: runner.statistics(reason) };
  }
}

async function readTraces(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
  reader: TraceReader,
  maxSpans: number,
): Promise<void> {
  const bounds = await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return;
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = spansOfTraces(scope, traceIds, bounds);
  const statement = scope.statement(
    // One more than may be kept tells whether there are more.
    `SELECT trace_id, ${TRACE_COLUMNS_SQL} ${source} ORDER BY trace_id LIMIT ${parameters.uint64(maxSpans + 1)}`,
  );
  for await (const block of runner.blocks(statement, {}, 'spans of sampled traces')) {
    const ids = block.column('trace_id', FixedStringColumn);
    for (let from = 0; from < block.rowCount; ) {
      const traceId = ids.hex(from) as TraceId;
      let to = from + 1;
      while (to < block.rowCount && isSame(ids, from, to)) to++;
      reader.begin(traceId).add(block, from, to);
      from = to;
    }
  }
}

function isSame(ids: FixedStringColumn, row: number, other: number): boolean {
  for (let word = 0; word < 4; word++) if (ids.word(row, word) !== ids.word(other, word)) return false;
  return true;
}

/** Puts the spans of one trace after another together; rows come trace by trace. */
class TraceReader {
  readonly #maxSpans: number;
  readonly #traces: TraceColumns[] = [];
  #traceId: TraceId | undefined;
  #spans: SpanArrays;
  #seen = 0;

  constructor(maxSpans: number) {
    this.#maxSpans = maxSpans;
    this.#spans = new SpanArrays(maxSpans);
  }

  begin(traceId: TraceId): SpanArrays {
    if (this.#traceId !== traceId) {
      this.#end();
      this.#traceId = traceId;
      this.#spans = new SpanArrays(this.#maxSpans);
    }
    return this.#spans;
  }

  #end(): void {
    this.#seen += this.#spans.seen;
    if (this.#traceId === undefined || this.#seen > this.#maxSpans) return;
    this.#traces.push(buildTraceColumns(this.#spans.unordered(this.#traceId, this.#spans.seen)));
  }

  finish(): SeveralTraces {
    this.#end();
    return { traces: this.#traces, isCut: this.#seen > this.#maxSpans };
  }
}
