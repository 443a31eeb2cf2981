import type { QueryStep, ReadStatistics } from '@clew/contract';
import type { TraceData, TraceId } from '@clew/model';
import { buildConjunction, type FieldExpression, normalizeValue } from '@clew/traceql';
import type { MatchingSpansRequest, OrderedTrace, OrderedTracesRequest, SpanPosition } from '../../span-order.ts';
import type {
  CandidateRequest,
  CandidateWalk,
  FilterMatch,
  FilterMatchRequest,
  ReceivedTraces,
  ReceivedTracesRequest,
  SpanRows,
  SpanRowsRequest,
  SpanSearch,
  StoredData,
  TraceRequirement,
  TraceSummary,
} from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { tryCompileValue } from '../../sql/compile-expression.ts';
import { compileBounds, decisionContext } from '../../sql/compile-filter.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { readSummaries } from '../read-summaries.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';
import { readWithoutTimes } from '../trace-bounds.ts';
import type { AttributeTypesMemory } from './attribute-types-memory.ts';
import { candidatesStatement, SliceWalk } from './candidate-walk.ts';
import { loadFilterMatches } from './filter-matches.ts';
import { loadMatchingSpans } from './matching-spans.ts';
import { NarrowedWalk } from './narrowed-walk.ts';
import { loadOrderedTraces } from './ordered-traces.ts';
import { loadReceivedTraces } from './received-traces.ts';
import { loadSpanRows } from './span-rows.ts';
import type { MakeRunner, StoredDataMemory } from './stored-data-memory.ts';
import { loadSpanCounts, loadWholeTraces } from './whole-traces.ts';

/**
 * Spans of the busiest day, up to which what narrows candidates is read before any are looked at: about five million in
 * the 25 minutes that the first statement reads.
 */
const MAX_SPANS_TO_NARROW_FIRST = 300_000_000;

/** What searches share. */
export interface SearchMemory {
  readonly types: AttributeTypesMemory;
  readonly stored: StoredDataMemory;
}

export class ClickHouseSpanSearch implements SpanSearch {
  readonly #runner: StatementRunner;
  readonly #tenant: string;
  readonly #memory: SearchMemory;
  readonly #makeRunner: MakeRunner;
  /** Of a small store all is read at once: every further statement would cost more than the rows. */
  readonly #isSmall: boolean;
  /** Where so few spans are stored a minute that reading what narrows beside few candidates costs little. */
  readonly #narrowsFirst: boolean;

  /** @param makeRunner for what outlives this search. */
  constructor(runner: StatementRunner, tenant: string, memory: SearchMemory, makeRunner: MakeRunner) {
    this.#runner = runner;
    this.#tenant = tenant;
    this.#memory = memory;
    this.#makeRunner = makeRunner;
    const days = memory.stored.peek(tenant)?.days;
    const spans = days?.reduce((sum, { spanCount }) => sum + spanCount, 0);
    const busiest = days?.reduce((most, { spanCount }) => Math.max(most, spanCount), 0);
    this.#narrowsFirst = busiest !== undefined && busiest <= MAX_SPANS_TO_NARROW_FIRST;
    const { sliceAboveSpans, timesAboveSpans } = runner.limits;
    this.#isSmall = spans !== undefined && spans < sliceAboveSpans;
    if (spans !== undefined && spans < timesAboveSpans) readWithoutTimes(runner);
  }

  get steps(): readonly QueryStep[] {
    return this.#runner.steps;
  }

  statistics(cut?: string): ReadStatistics {
    return this.#runner.statistics(cut);
  }

  limitReason(error: unknown): string | undefined {
    return tryLimitReason(error);
  }

  allowAtLeast(milliseconds: number): void {
    this.#runner.allowAtLeast(milliseconds);
  }

  decides(filter: FieldExpression): boolean {
    return compileBounds(filter, decisionContext(this.#tenant)).exact;
  }

  reads(expression: FieldExpression): boolean {
    return tryCompileValue(normalizeValue(expression), decisionContext(this.#tenant)) !== undefined;
  }

  candidates({ condition, required, link, range, after, perFinding, isStepwise }: CandidateRequest): CandidateWalk {
    const tenant = this.#tenant;
    const linked = link === undefined ? [] : [link.condition];
    const conditions = [condition, ...linked, ...required.map((requirement) => requirement.condition)];
    const firstSliceNano = this.#isSmall ? range.toUnixNano - range.fromUnixNano : undefined;
    const walked = { range, after, firstSliceNano, isStepwise, loadTypes: () => this.#typesOf(conditions) };
    if (required.length === 0 && link === undefined) {
      return new SliceWalk(this.#runner, {
        ...walked,
        name: 'candidate traces',
        statement: (slice, types) => candidatesStatement(tenant, condition, slice, types),
      });
    }
    const narrowing = { tenant, condition, required, link, perFinding, narrowsFirst: this.#narrowsFirst };
    return new NarrowedWalk(this.#runner, { ...walked, ...narrowing });
  }

  async orderedTraces(request: OrderedTracesRequest): Promise<readonly OrderedTrace[]> {
    return loadOrderedTraces(this.#runner, this.#tenant, request, await this.#typesOf([request.filter]));
  }

  async matchingSpans(request: MatchingSpansRequest): Promise<readonly SpanPosition[]> {
    return loadMatchingSpans(this.#runner, this.#tenant, request, await this.#typesOf([request.filter]));
  }

  receivedTraces(request: ReceivedTracesRequest): Promise<ReceivedTraces> {
    return loadReceivedTraces(this.#runner, this.#tenant, request);
  }

  async filterMatches(request: FilterMatchRequest): Promise<ReadonlyMap<TraceId, FilterMatch>> {
    const types = await this.#typesOf([request.filter, ...request.shown]);
    return loadFilterMatches(this.#runner, this.#tenant, request, types);
  }

  async spanCounts(
    traceIds: readonly TraceId[],
    required: readonly TraceRequirement[],
  ): Promise<ReadonlyMap<TraceId, number>> {
    const types = await this.#typesOf(required.map(({ condition }) => condition));
    return loadSpanCounts(this.#runner, this.#tenant, traceIds, required, types);
  }

  wholeTraces(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceData>> {
    return loadWholeTraces(this.#runner, this.#tenant, traceIds);
  }

  async spanRows(request: SpanRowsRequest): Promise<SpanRows | undefined> {
    const { conditions, groups, numbers } = request.columns;
    const types = await this.#typesOf([
      ...conditions,
      ...groups,
      ...numbers,
      ...request.required.map(({ condition }) => condition),
      ...(request.shown ?? []),
    ]);
    return loadSpanRows(this.#runner, this.#tenant, request, types);
  }

  summaries(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceSummary>> {
    return readSummaries(this.#runner, this.#tenant, traceIds);
  }

  attributeKeys(limit: number): Promise<readonly { readonly scope: string; readonly key: string }[]> {
    const scope = new TenantScope(this.#tenant);
    return this.#runner.rows(
      scope.statement(
        `SELECT DISTINCT toString(scope) AS scope, toString(key) AS key ${scope.from('attribute_keys')} ` +
          `LIMIT ${scope.parameters.uint64(limit)}`,
      ),
      {},
      'attribute keys, for the note on an unknown one',
    );
  }

  stored(): Promise<StoredData | undefined> {
    return this.#memory.stored.load(this.#tenant, this.#makeRunner);
  }

  #typesOf(expressions: readonly FieldExpression[]): Promise<AttributeTypes> {
    return this.#memory.types.load(this.#runner, this.#tenant, buildConjunction(expressions));
  }
}
