import type { TenantLimits } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { createLimitMemory } from '../../process/limit-stages.ts';
import { SharedRates } from '../../receive/shared-rates.ts';
import type { TenantSetup } from '../worker-messages.ts';

/** The default limits, with `own` in place of some for every tenant. */
export function testLimits(own: Partial<TenantLimits> = {}): TenantLimits {
  return { ...loadConfig({ cwd: '/nowhere', env: {} }).limits, ...own };
}

export function testTenantSetup(
  own: Partial<TenantLimits> = {},
  rates = new SharedArrayBuffer(SharedRates.byteLength(64)),
): TenantSetup {
  return { limits: testLimits(own), tenants: new Map(), memory: createLimitMemory(), rates };
}
