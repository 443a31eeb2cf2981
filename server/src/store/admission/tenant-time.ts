/** Half of what a tenant used counts no more after this long. */
const HALF_LIFE_MS = 30_000;
/** Less than this is nothing. */
const FORGOTTEN_MS = 1;
const MAX_TENANTS = 10_000;

/** Engine time that each tenant used lately, so that whoever used least comes next. */
export class TenantTime {
  readonly #used = new Map<string, { readonly ms: number; readonly atMs: number }>();

  /** Milliseconds, what is longer ago counting less. */
  of(tenant: string, nowMs: number): number {
    const used = this.#used.get(tenant);
    return used === undefined ? 0 : used.ms * 0.5 ** ((nowMs - used.atMs) / HALF_LIFE_MS);
  }

  add(tenant: string, ms: number, nowMs: number): void {
    const sum = this.of(tenant, nowMs) + ms;
    this.#used.delete(tenant);
    this.#used.set(tenant, { ms: sum, atMs: nowMs });
    // The order is that of the last use: whoever used nothing for long stands first.
    for (const oldest of this.#used.keys()) {
      if (this.#used.size <= MAX_TENANTS && this.of(oldest, nowMs) > FORGOTTEN_MS) break;
      this.#used.delete(oldest);
    }
  }

  get size(): number {
    return this.#used.size;
  }
}
