import type { DependenciesAnswer, ServiceAnswer, ServicesOverviewAnswer } from '@clew/contract';
import type { SpanId, TraceColumns, TraceData, TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { ReadGate } from './admission/read-gate.ts';
import type { StatementKind } from './admission/read-gate-limits.ts';
import { loadAttributeValues } from './read/attribute-values.ts';
import { hasSpans, loadAttributeKeys, loadOperations, loadServices } from './read/catalogue.ts';
import { CatalogueMemory } from './read/catalogue-memory.ts';
import { loadDataQuality } from './read/data-quality.ts';
import { loadSeveralTraces } from './read/load-several-traces.ts';
import { loadTrace } from './read/load-trace.ts';
import { loadTraceColumns } from './read/load-trace-columns.ts';
import { measureSpans } from './read/metrics/measure-spans.ts';
import type { ReadEngine } from './read/read-engine.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './read/read-limits.ts';
import { AttributeTypesMemory } from './read/search/attribute-types-memory.ts';
import { loadMatchTotals } from './read/search/match-totals.ts';
import { loadSpanFacets } from './read/search/span-facets.ts';
import { ClickHouseSpanSearch, type SearchMemory } from './read/search/span-search.ts';
import { StoredDataMemory } from './read/search/stored-data-memory.ts';
import { loadDependencies } from './read/services/load-dependencies.ts';
import { loadService } from './read/services/load-service.ts';
import { loadServicesOverview } from './read/services/load-services-overview.ts';
import { type SharedReading, StatementRunner } from './read/statement-runner.ts';
import type { MeasuredRead, SpanMeasure } from './span-measure.ts';
import type {
  DependenciesRequest,
  Read,
  ReadOptions,
  SearchOptions,
  ServiceRequest,
  ServicesRequest,
  SeveralTraces,
  SpanSearch,
  SpanStore,
  TimeRange,
} from './span-store.ts';

/**
 * Reads spans from ClickHouse, embedded or a server. Each call has one deadline over all its statements; the
 * engine's error is thrown as it is, except where SpanStore says that an answer may be incomplete.
 */
export class ClickHouseSpanStore implements SpanStore {
  readonly #engine: ReadEngine;
  readonly #limits: ReadLimits;
  readonly #memory: SearchMemory;
  readonly #shared: SharedReading;

  /**
   * @param gate what every statement passes; absent: nothing waits for anything.
   * @param isOnlyWriter whether `attributeKeysStored` is called for every insert of attribute keys.
   */
  constructor(engine: ReadEngine, limits: Partial<ReadLimits> = {}, gate?: ReadGate, isOnlyWriter = false) {
    this.#engine = engine;
    this.#memory = { types: new AttributeTypesMemory(isOnlyWriter), stored: new StoredDataMemory() };
    this.#shared = { catalogue: new CatalogueMemory(), ...(gate && { gate }) };
    this.#limits = { ...DEFAULT_READ_LIMITS, ...limits };
  }

  /** What is remembered of attributes is out of date. */
  attributeKeysStored(): void {
    this.#memory.types.forget();
  }

  openSearch(tenant: string, options?: SearchOptions): SpanSearch {
    const runner = this.#runner(options, 'search');
    return new ClickHouseSpanSearch(runner, tenant, this.#memory, (kind) => this.#runner(undefined, kind));
  }

  loadTrace(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceData | undefined> {
    return loadTrace(this.#runnerOf(traceId, options), tenant, traceId);
  }

  loadTraceColumns(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceColumns | undefined> {
    return loadTraceColumns(this.#runnerOf(traceId, options), tenant, traceId);
  }

  loadSeveralTraces(
    tenant: string,
    traceIds: readonly TraceId[],
    maxSpans: number,
    options?: ReadOptions,
  ): Promise<Read<SeveralTraces>> {
    return loadSeveralTraces(this.#runner(options, 'search'), tenant, traceIds, maxSpans);
  }

  loadSpans(
    tenant: string,
    traceId: TraceId,
    spanIds: readonly SpanId[],
    options?: ReadOptions,
  ): Promise<TraceData | undefined> {
    return loadTrace(this.#runnerOf(traceId, options), tenant, traceId, spanIds);
  }

  services(tenant: string, range: TimeRange, options?: ReadOptions): ReturnType<SpanStore['services']> {
    return loadServices(this.#runner(options), tenant, range);
  }

  operations(
    tenant: string,
    service: string,
    range: TimeRange,
    options?: ReadOptions,
  ): ReturnType<SpanStore['operations']> {
    return loadOperations(this.#runner(options), tenant, service, range);
  }

  attributeKeys(
    tenant: string,
    range: TimeRange,
    contains: string,
    limit: number,
    options?: ReadOptions,
  ): ReturnType<SpanStore['attributeKeys']> {
    return loadAttributeKeys(this.#runner(options), tenant, range, contains, limit);
  }

  attributeValues(
    tenant: string,
    field: FieldExpression,
    filter: FieldExpression,
    range: TimeRange,
    prefix: string,
    limit: number,
    options?: ReadOptions,
  ): ReturnType<SpanStore['attributeValues']> {
    return loadAttributeValues(this.#runner(options, 'aggregate'), { tenant, field, filter, range, prefix, limit });
  }

  matchTotals(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    options?: ReadOptions,
  ): ReturnType<SpanStore['matchTotals']> {
    return loadMatchTotals(this.#runner(options, 'aggregate'), tenant, filter, range);
  }

  spanFacets(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    options?: ReadOptions,
  ): ReturnType<SpanStore['spanFacets']> {
    return loadSpanFacets(this.#runner(options, 'aggregate'), tenant, filter, range);
  }

  dataQuality(tenant: string, range: TimeRange, options?: ReadOptions): ReturnType<SpanStore['dataQuality']> {
    return loadDataQuality(this.#runner(options, 'aggregate'), tenant, range);
  }

  measureSpans(tenant: string, measure: SpanMeasure, options?: SearchOptions): Promise<MeasuredRead> {
    return measureSpans(this.#runner(options, 'aggregate'), tenant, measure, this.#memory.types);
  }

  servicesOverview(tenant: string, request: ServicesRequest, options?: ReadOptions): Promise<ServicesOverviewAnswer> {
    return loadServicesOverview(this.#runner(options, 'aggregate'), tenant, request);
  }

  service(tenant: string, request: ServiceRequest, options?: ReadOptions): Promise<ServiceAnswer> {
    return loadService(this.#runner(options, 'aggregate'), tenant, request);
  }

  dependencies(tenant: string, request: DependenciesRequest, options?: ReadOptions): Promise<DependenciesAnswer> {
    return loadDependencies(this.#runner(options, 'aggregate'), tenant, request);
  }

  hasSpans(tenant: string, options?: ReadOptions): Promise<boolean> {
    return hasSpans(this.#runner(options), tenant);
  }

  #runnerOf(traceId: TraceId, options: ReadOptions | undefined): StatementRunner {
    const engine = this.#engine.ofTrace?.(traceId) ?? this.#engine;
    return new StatementRunner(engine, this.#limits, options, 'lookup', this.#shared);
  }

  #runner(options: ReadOptions | undefined, kind: StatementKind = 'lookup'): StatementRunner {
    return new StatementRunner(this.#engine, this.#limits, options, kind, this.#shared);
  }
}
