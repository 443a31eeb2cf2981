import { setImmediate } from 'node:timers/promises';
import { type MergedPath, type PathFigures, rankAttributes, TraceMerger, type ValueCounts } from '@clew/analysis';
import { CHANGE_COUNT, CHANGE_FASTER, CHANGE_ONLY_A, CHANGE_ONLY_B, CHANGE_SLOWER } from '@clew/analysis/node-changes';
import type {
  CompareAnswer,
  ComparedAttribute,
  ComparedPath,
  ComparedPathSide,
  ComparedPopulation,
} from '@clew/contract';
import type { TraceColumns } from '@clew/model';
import { printExpression } from '@clew/traceql';
import type { ReadOptions, SpanStore } from '../../store/span-store.ts';
import { namedFields } from '../search/shown-fields.ts';
import { ComparisonReads } from './comparison-reads.ts';
import { type AttributeCounts, countValues, typedValue } from './count-values.ts';
import { type Figures, measureFigures } from './measure-figures.ts';
import { Population, type PopulationRequest } from './population.ts';
import { sampleTraces } from './sample-traces.ts';

/** Spans of all merged traces of a side. */
export const MAX_MERGED_SPANS = 200_000;
/** Paths of the merged tree. */
export const MAX_PATHS = 2_000;
/** Attributes in an answer. */
export const MAX_ATTRIBUTES = 200;

export interface ComparisonRequest {
  readonly tenant: string;
  readonly a: PopulationRequest;
  readonly b: PopulationRequest;
  /** Of each side. */
  readonly maxTraces: number;
  readonly options?: ReadOptions;
}

/**
 * Two sets of spans side by side. What a limit left out is said in the statistics.
 * @throws TraceqlError
 */
export async function comparePopulations(store: SpanStore, request: ComparisonRequest): Promise<CompareAnswer> {
  const { tenant, maxTraces, options = {} } = request;
  const reads = new ComparisonReads(store, tenant, options);
  const populations = { a: new Population('a', request.a), b: new Population('b', request.b) };
  const [a, b] = await Promise.all([
    readSide(reads, populations.a, maxTraces),
    readSide(reads, populations.b, maxTraces),
  ]);
  const merger = new TraceMerger();
  for (const [side, { traces }] of [['a', a] as const, ['b', b] as const]) {
    for (const columns of traces) {
      merger.add(side, columns);
      // Others wait for this thread, too.
      await setImmediate();
    }
  }
  const { paths, omittedPaths } = merger.finish(MAX_PATHS);
  const attributes = differencesOf(a.counts, b.counts, namesOf(populations.a, populations.b));
  return {
    a: populationOf(populations.a, a),
    b: populationOf(populations.b, b),
    paths: paths.map(pathOf),
    omittedPaths,
    ...attributes,
    statistics: reads.statistics,
  };
}

interface Side {
  readonly figures: Figures;
  readonly counts: AttributeCounts;
  readonly traces: readonly TraceColumns[];
  readonly isAll: boolean;
}

async function readSide(reads: ComparisonReads, population: Population, maxTraces: number): Promise<Side> {
  const counted = async (): Promise<Pick<Side, 'figures' | 'counts'>> => {
    const figures = await measureFigures(reads, population);
    return { figures, counts: await countValues(reads, population, figures.spanCount) };
  };
  const sampled = async (): Promise<Pick<Side, 'traces' | 'isAll'>> => {
    const sample = await sampleTraces(reads, population, maxTraces, MAX_MERGED_SPANS);
    const { value } = await reads.read(`merged traces of ${population.side}`, (store, tenant, options) =>
      store.loadSeveralTraces(tenant, sample.traceIds, MAX_MERGED_SPANS, options),
    );
    return { traces: value.traces, isAll: sample.isAll && !value.isCut };
  };
  const [ofSpans, ofTraces] = await Promise.all([counted(), sampled()]);
  return { ...ofSpans, ...ofTraces };
}

function populationOf({ text, range }: Population, { figures, counts, traces, isAll }: Side): ComparedPopulation {
  const spanCount = traces.reduce((sum, columns) => sum + columns.spanCount, 0);
  return {
    query: text,
    startUnixNano: range.fromUnixNano.toString(),
    endUnixNano: range.toUnixNano.toString(),
    ...figures,
    traces: { count: traces.length, spanCount, isAll },
    attributeSpans: { count: counts.spans, isAll: counts.isAll },
  };
}

/** How attributes that the queries name are printed; unscoped ones by their key. */
function namesOf(a: Population, b: Population): (attribute: string) => boolean {
  const fields = [...namedFields(a.pipeline), ...namedFields(b.pipeline)].map((field) => printExpression(field));
  return (attribute) =>
    fields.some((field) => field === attribute || (field.startsWith('.') && attribute.endsWith(field)));
}

const NOTHING: ValueCounts = { total: 0, distinct: 0, values: new Map() };

function differencesOf(
  a: AttributeCounts,
  b: AttributeCounts,
  isNamed: (attribute: string) => boolean,
): Pick<CompareAnswer, 'attributes' | 'alike' | 'leftOut'> {
  const names = new Set([...a.attributes.keys(), ...b.attributes.keys()]);
  const compared = [...names].map((name) => ({
    name,
    a: a.attributes.get(name) ?? NOTHING,
    b: b.attributes.get(name) ?? NOTHING,
  }));
  const { ranked, alike, leftOut } = rankAttributes(compared, a.spans, b.spans, (key) => typedValue(key).value);
  const attributes = ranked.slice(0, MAX_ATTRIBUTES).map(
    (one): ComparedAttribute => ({
      ...one,
      a: Math.round(one.a),
      b: Math.round(one.b),
      isNamed: isNamed(one.name),
      values: one.values.map((value) => ({
        ...typedValue(value.value),
        a: Math.round(value.a),
        b: Math.round(value.b),
      })),
    }),
  );
  return { attributes, alike, leftOut };
}

const CHANGES: Readonly<Record<number, ComparedPath['change']>> = {
  [CHANGE_SLOWER]: 'slower',
  [CHANGE_FASTER]: 'faster',
  [CHANGE_ONLY_A]: 'only-a',
  [CHANGE_ONLY_B]: 'only-b',
  [CHANGE_COUNT]: 'count',
};

function pathOf({ parent, service, name, kind, change, a, b }: MergedPath): ComparedPath {
  return { parent, service, name, kind, change: CHANGES[change] ?? 'none', a: pathSideOf(a), b: pathSideOf(b) };
}

function pathSideOf(figures: PathFigures): ComparedPathSide {
  const { traces, spans, errors, meanNano, p50Nano, p95Nano, selfNano, longest } = figures;
  return {
    ...{ traces, spans, errors, meanNano: Math.round(meanNano), p50Nano, p95Nano, selfNano: Math.round(selfNano) },
    ...(longest && { longest }),
  };
}
