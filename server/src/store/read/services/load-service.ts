import type { LatencyBucket, ServiceAnswer } from '@clew/contract';
import type { ServiceRequest } from '../../span-store.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { loadErrorGroups } from './load-error-groups.ts';
import { type Instances, loadInstances } from './load-instances.ts';
import { loadLatencyBuckets } from './load-latency-buckets.ts';
import { loadOperationFigures } from './load-operation-figures.ts';
import { loadServiceFigures, servicePeriod } from './load-service-figures.ts';
import { MAX_ERROR_GROUPS, MAX_OPERATIONS } from './service-limits.ts';
import type { ServicePart } from './service-part.ts';
import { periodOf } from './service-period.ts';
import { WithinLimits } from './within-limits.ts';

const NO_INSTANCES: Instances = { instances: [], hasMore: false, versions: [] };
const NO_BUCKETS: readonly LatencyBucket[] = [];

/** All that is told of one service. What a limit stopped is missing, and the statistics say so. */
export async function loadService(
  runner: StatementRunner,
  tenant: string,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const { service } = request;
  const period = periodOf(request);
  const within = new WithinLimits();
  const found = await loadServiceFigures(runner, tenant, period, within, service);
  const [figures] = found.services;
  const counted = figures?.counted ?? 'requests';
  const part: ServicePart = {
    runner,
    tenant,
    service,
    period,
    counted,
    sample: found.sample,
    fromSpans: found.fromSpans,
  };
  const [operations, latency, errors, placed] =
    figures === undefined
      ? [[], NO_BUCKETS, [], NO_INSTANCES]
      : await Promise.all([
          within.try('operations', loadOperationFigures(part), []),
          within.try('latency', loadLatencyBuckets(part), NO_BUCKETS),
          within.try('errors', loadErrorGroups(part), []),
          within.try('instances', loadInstances(part), NO_INSTANCES),
        ]);
  return {
    ...servicePeriod(period, found.sample),
    ...(figures && { service: figures }),
    operations: operations.slice(0, MAX_OPERATIONS),
    hasMoreOperations: operations.length > MAX_OPERATIONS,
    latency,
    errors: errors.slice(0, MAX_ERROR_GROUPS),
    hasMoreErrors: errors.length > MAX_ERROR_GROUPS,
    instances: placed.instances,
    hasMoreInstances: placed.hasMore,
    versions: placed.versions,
    statistics: runner.statistics(within.reason),
  };
}
