import type { ServicesOverviewAnswer } from '@clew/contract';
import type { ServicesRequest } from '../../span-store.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { loadServiceFigures, servicePeriod } from './load-service-figures.ts';
import { periodOf } from './service-period.ts';
import { WithinLimits } from './within-limits.ts';

/** Every service with spans in the range or the period before it. */
export async function loadServicesOverview(
  runner: StatementRunner,
  tenant: string,
  request: ServicesRequest,
): Promise<ServicesOverviewAnswer> {
  const period = periodOf(request);
  const within = new WithinLimits();
  const { services, hasMore, sample } = await loadServiceFigures(runner, tenant, period, within);
  return { ...servicePeriod(period, sample), services, hasMore, statistics: runner.statistics(within.reason) };
}
