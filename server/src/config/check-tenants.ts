import type { TenantConfig, TenantLimits } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { describeBadValue } from './describe-bad-value.ts';
import type { TenantFileValues } from './parse-tenants.ts';
import { LIMIT_SETTINGS, TENANT_SETTINGS } from './tenant-settings.ts';

/**
 * What the tenants of clew.yaml have of their own, on top of what everybody has.
 * @param origins receives where each value stands, by "tenants.NAME.limits.KEY".
 */
export function checkTenants(
  tenants: TenantFileValues,
  everyones: TenantLimits,
  problems: ConfigProblem[],
  origins: Map<string, string>,
): ReadonlyMap<string, TenantConfig> {
  const configs = new Map<string, TenantConfig>();
  for (const [tenant, given] of tenants) {
    const checked = new Map<string, unknown>();
    for (const { path, setting } of TENANT_SETTINGS) {
      const found = given.get(path);
      if (found === undefined) continue;
      const fullPath = `tenants.${tenant}.${path}`;
      origins.set(fullPath, found.where);
      const result = setting.schema.safeParse(found.value);
      if (result.success) checked.set(path, result.data);
      else {
        const message = describeBadValue(fullPath, found.value, result.error.issues[0].message, undefined);
        problems.push({ where: found.where, message });
      }
    }
    const own = Object.keys(LIMIT_SETTINGS)
      .filter((key) => checked.has(`limits.${key}`))
      .map((key) => [key, checked.get(`limits.${key}`)]);
    // Each value has passed the schema of its key, whose type the table ties to TenantLimits'.
    const limits = { ...everyones, ...Object.fromEntries(own) } as TenantLimits;
    const retentionDays = checked.get('retentionDays') as number | undefined;
    configs.set(tenant, Object.freeze({ limits: Object.freeze(limits), retentionDays }));
  }
  return configs;
}
