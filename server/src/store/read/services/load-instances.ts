import type { InstanceFigures, RedFigures, VersionFigures } from '@clew/contract';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { durationStates, NO_QUANTILES, type Quantiles, readQuantiles } from './latency-columns.ts';
import { IS_ERROR } from './minute-source.ts';
import { MAX_INSTANCES, MAX_RESOURCES } from './service-limits.ts';
import { countedSpans, type ServicePart, sampled, spansOfService } from './service-part.ts';

/** Names of attributes, the first that is there counts. */
const INSTANCE = ['service.instance.id'] as const;
const HOST = ['host.name', 'k8s.pod.name', 'container.id'] as const;
const VERSION = ['service.version'] as const;

export interface Instances {
  readonly instances: readonly InstanceFigures[];
  readonly hasMore: boolean;
  readonly versions: readonly VersionFigures[];
}

/** Where and in which versions the counted spans of a service were made. */
export async function loadInstances(part: ServicePart): Promise<Instances> {
  const [rows, versions] = await Promise.all([loadInstanceRows(part), loadVersions(part)]);
  const instances = rows.slice(0, MAX_INSTANCES).map(({ instance, host, version, last, ...counts }) => ({
    ...{ instance, host, version, figures: figuresOf(counts, part) },
    lastUnixNano: last,
  }));
  return { instances, hasMore: rows.length > MAX_INSTANCES, versions };
}

interface Measured {
  readonly spans: number;
  readonly errors: number;
  /** Empty where none is in the sample. */
  readonly quantiles: readonly number[];
}

interface Counts extends Measured {
  readonly first: string;
  readonly last: string;
}

interface InstanceRow extends Counts {
  readonly instance: string;
  readonly host: string;
  readonly version: string;
}

function loadInstanceRows(part: ServicePart): Promise<readonly InstanceRow[]> {
  const columns = { instance: firstOf(INSTANCE), host: firstOf(HOST), version: firstOf(VERSION) };
  return loadByResource<InstanceRow>(part, columns, false, MAX_INSTANCES + 1);
}

/** Versions in both periods, newest first. */
async function loadVersions(part: ServicePart): Promise<readonly VersionFigures[]> {
  const rows = await loadByResource<Counts & { readonly version: string }>(
    part,
    { version: firstOf(VERSION) },
    true,
    MAX_INSTANCES,
  );
  const origin = part.period.originUnixNano;
  const wasThere = rows.some(({ first }) => BigInt(first) <= origin);
  return rows
    .map(({ version, first, last, ...counts }) => ({
      ...{ version, figures: figuresOf(counts, part) },
      firstUnixNano: first,
      lastUnixNano: last,
      isNew:
        version !== '' && BigInt(first) > origin && (wasThere || rows.some((row) => BigInt(row.first) < BigInt(first))),
    }))
    .sort((a, b) => (BigInt(a.firstUnixNano) < BigInt(b.firstUnixNano) ? 1 : -1));
}

/**
 * Counts of the period, first and last start of it or of both periods, by columns of resources. The resources are
 * joined to spans grouped by them.
 */
function loadByResource<T extends Counts>(
  part: ServicePart,
  columns: Readonly<Record<string, string>>,
  withBefore: boolean,
  limit: number,
): Promise<readonly T[]> {
  const { runner, period, sample } = part;
  const { scope, conditions } = spansOfService(part, withBefore);
  const { parameters } = scope;
  const isNow = `start > ${parameters.time(period.originUnixNano)}`;
  const inSample = sampled(part, scope);
  const measured = inSample.length === 0 ? isNow : `${isNow} AND ${inSample.join(' AND ')}`;
  // States, since the resources of one instance are several where other attributes change.
  const { state, merge } = durationStates(sample.isRounded, 'span_weight', measured);
  const spans =
    `SELECT resource_id, sumIf(${SPAN_WEIGHT_SQL} AS span_weight, ${isNow}) AS r_spans, ` +
    `sumIf(span_weight, ${isNow} AND ${IS_ERROR}) AS r_errors, ${state} AS r_quantiles, ` +
    `countIf(${measured}) AS r_measured, min(start) AS r_first, max(start) AS r_last ` +
    `${scope.from('spans', [...conditions, ...countedSpans(part)])} GROUP BY resource_id`;
  const resources =
    `SELECT id, ${Object.entries(columns)
      .map(([name, sql]) => `${sql} AS ${name}`)
      .join(', ')} ` +
    `${scope.from('resources', [`service = ${parameters.string(part.service)}`])} LIMIT 1 BY id LIMIT ${MAX_RESOURCES}`;
  const names = Object.keys(columns).join(', ');
  return runner.rows<T>(
    scope.statement(
      `SELECT ${names}, sum(r_spans) AS spans, sum(r_errors) AS errors, ` +
        `if(sum(r_measured) = 0, [], ${merge('r_quantiles')}) AS quantiles, ` +
        `toString(toUnixTimestamp64Nano(min(r_first))) AS first, toString(toUnixTimestamp64Nano(max(r_last))) AS last ` +
        `FROM (${spans}) AS counted LEFT JOIN (${resources}) AS described ON counted.resource_id = described.id ` +
        `GROUP BY ${names} ORDER BY spans DESC, last DESC, ${names} LIMIT ${parameters.uint64(limit)}`,
    ),
    {},
    withBefore ? 'versions' : 'instances',
  );
}

function firstOf(keys: readonly string[]): string {
  const values = keys.map((key) => `attributes_string['${key}']`);
  return values.length === 1 ? values[0] : `coalesce(${values.map((value) => `nullIf(${value}, '')`).join(', ')}, '')`;
}

function figuresOf({ spans, errors, quantiles }: Measured, { period }: ServicePart): RedFigures {
  const known: Quantiles = quantiles.length === 0 ? NO_QUANTILES : readQuantiles(quantiles);
  return { spans, errors, rate: spans / period.seconds, ...known };
}
