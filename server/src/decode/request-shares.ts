/** A tenant may have this many times the requests that could still come: at most 4/5 of all, and less beside others. */
const SHARE_OF_FREE = 4;

/** Requests under way by tenant, so that one tenant does not take all the places. */
export class RequestShares {
  readonly #maxRequests: number;
  readonly #byTenant = new Map<string, number>();
  #all = 0;

  constructor(maxRequests: number) {
    this.#maxRequests = maxRequests;
  }

  /** Whether the tenant may have one more. Its first is never refused for the others' sake while there are places. */
  hasRoom(tenant: string): boolean {
    const own = this.#byTenant.get(tenant) ?? 0;
    const free = this.#maxRequests - this.#all;
    return free > 0 && (own === 0 || own < free * SHARE_OF_FREE);
  }

  add(tenant: string): void {
    this.#all++;
    this.#byTenant.set(tenant, (this.#byTenant.get(tenant) ?? 0) + 1);
  }

  remove(tenant: string): void {
    this.#all--;
    const left = (this.#byTenant.get(tenant) ?? 0) - 1;
    if (left > 0) this.#byTenant.set(tenant, left);
    else this.#byTenant.delete(tenant);
  }
}
