import type { TenantLimits } from '../config/config.ts';

/** Whose request is processed, and what holds for it. */
export interface TenantContext {
  readonly tenant: string;
  readonly limits: TenantLimits;
}

/** Tenants kept; beyond, all are forgotten and met again. */
const MAX_CONTEXTS = 10_000;

/** One context a tenant, so that stages can tell by identity whether the tenant has changed. */
export class TenantContexts {
  readonly #limitsOf: (tenant: string) => TenantLimits;
  readonly #contexts = new Map<string, TenantContext>();

  constructor(limitsOf: (tenant: string) => TenantLimits) {
    this.#limitsOf = limitsOf;
  }

  of(tenant: string): TenantContext {
    const known = this.#contexts.get(tenant);
    if (known !== undefined) return known;
    if (this.#contexts.size >= MAX_CONTEXTS) this.#contexts.clear();
    const context: TenantContext = { tenant, limits: this.#limitsOf(tenant) };
    this.#contexts.set(tenant, context);
    return context;
  }
}
