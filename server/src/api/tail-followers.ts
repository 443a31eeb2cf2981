import { ApiError } from './problem.ts';

/** Each follower asks the store once a second. */
export const MAX_FOLLOWERS_PER_TENANT = 10;
export const MAX_FOLLOWERS = 50;

/** Counts the tails that are open, so that there are never more than the store can serve beside everything else. */
export class TailFollowers {
  readonly #byTenant = new Map<string, number>();
  #all = 0;

  /**
   * @returns what to call, once, when the follower has left.
   * @throws ApiError TAIL_FOLLOWERS
   */
  enter(tenant: string): () => void {
    const already = this.#byTenant.get(tenant) ?? 0;
    if (already >= MAX_FOLLOWERS_PER_TENANT || this.#all >= MAX_FOLLOWERS) {
      const limit =
        already >= MAX_FOLLOWERS_PER_TENANT ? `${MAX_FOLLOWERS_PER_TENANT} of a tenant` : `${MAX_FOLLOWERS} in all`;
      throw new ApiError(429, 'TAIL_FOLLOWERS', `too many live tails are open (limit ${limit}). Close one.`, {
        retryAfterSeconds: 5,
      });
    }
    this.#byTenant.set(tenant, already + 1);
    this.#all++;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#all--;
      const now = (this.#byTenant.get(tenant) ?? 1) - 1;
      if (now === 0) this.#byTenant.delete(tenant);
      else this.#byTenant.set(tenant, now);
    };
  }
}
