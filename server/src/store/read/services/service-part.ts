import type { ServiceFigures } from '@clew/contract';
import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { inLatencySample, type LatencySample } from './latency-sample.ts';
import { IS_REQUEST_SPAN, spansBetween } from './minute-source.ts';
import { MINUTE_NANO, type Period } from './service-period.ts';

/** What the parts of a service's page have in common. */
export interface ServicePart {
  readonly runner: StatementRunner;
  readonly tenant: string;
  readonly service: string;
  readonly period: Period;
  readonly sample: LatencySample;
  /** Whether counts are read from spans. */
  readonly fromSpans: boolean;
  /** Which spans are the service's work. */
  readonly counted: ServiceFigures['counted'];
}

/** A scope and the conditions that choose the service's spans in the period, or in both periods. */
export function spansOfService(
  { tenant, service, period }: ServicePart,
  withBefore = false,
): { readonly scope: TenantScope; readonly conditions: readonly string[] } {
  const scope = new TenantScope(tenant);
  const from = withBefore ? period.beforeMinute * MINUTE_NANO : period.originUnixNano;
  const inRange = spansBetween(scope, from, period.endUnixNano);
  return { scope, conditions: [`service = ${scope.parameters.string(service)}`, inRange] };
}

/** Conditions for the spans that are counted as the service's work. */
export function countedSpans({ counted }: ServicePart): readonly string[] {
  return counted === 'requests' ? [IS_REQUEST_SPAN] : [];
}

export function sampled(part: ServicePart, scope: TenantScope): readonly string[] {
  return inLatencySample(part.sample, scope.parameters);
}
