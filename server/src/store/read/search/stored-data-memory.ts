import type { StoredData } from '../../span-store.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';

/**
 * What is known is used without asking again for this long at least and at most, and in between for as long as the
 * question reads so many rows: it reads every span, and must not cost more than the searches it stands beside. In one
 * thread, for the same reason.
 */
const MIN_FRESH_MS = 1_000;
const MAX_FRESH_MS = 60_000;
const ROWS_PER_FRESH_MS = 200;
/** While it is asked anew it is usable for this long: a lower bound, as every answer about data that grows is. */
const USABLE_MS = 120_000;
const MAX_TENANTS = 1_000;

interface Kept {
  readonly askedMs: number;
  readonly freshMs: number;
  readonly data: StoredData;
}

/** How much of a tenant is stored: looked at beside the searches, so that none waits for it. */
export class StoredDataMemory {
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<StoredData | undefined>>();

  /** What is known, which may be a minute old; asks where it is older than a moment. */
  load(tenant: string, makeRunner: () => StatementRunner): Promise<StoredData | undefined> {
    const kept = this.#kept.get(tenant);
    const ageMs = kept === undefined ? Number.POSITIVE_INFINITY : performance.now() - kept.askedMs;
    if (kept !== undefined && ageMs < kept.freshMs) return Promise.resolve(kept.data);
    let asking = this.#asking.get(tenant);
    if (asking === undefined) {
      asking = this.#ask(tenant, makeRunner()).finally(() => this.#asking.delete(tenant));
      this.#asking.set(tenant, asking);
    }
    return kept !== undefined && ageMs < USABLE_MS ? Promise.resolve(kept.data) : asking;
  }

  /** What is known already, without asking. */
  peek(tenant: string): StoredData | undefined {
    return this.#kept.get(tenant)?.data;
  }

  /** Undefined when the store does not answer: a search does not fail for that. */
  async #ask(tenant: string, runner: StatementRunner): Promise<StoredData | undefined> {
    const askedMs = performance.now();
    try {
      const scope = new TenantScope(tenant);
      const rows = await runner.rows<{ day: string; spans: string; received: string }>(
        scope.statement(
          'SELECT toString(toUInt16(day)) AS day, toString(count()) AS spans, ' +
            `toString(toUnixTimestamp(max(received))) AS received ${scope.from('spans')} GROUP BY day`,
        ),
        { max_threads: 1 },
        'how much is stored',
      );
      const days = rows.map(({ day, spans }) => ({ day: Number(day), spanCount: Number(spans) }));
      const received = rows.map((row) => Number(row.received) * 1_000);
      const data = { days, receivedUntilUnixMs: rows.length === 0 ? undefined : Math.max(...received) };
      const freshMs = Math.min(Math.max(runner.rowsRead / ROWS_PER_FRESH_MS, MIN_FRESH_MS), MAX_FRESH_MS);
      this.#kept.delete(tenant);
      this.#kept.set(tenant, { askedMs, freshMs, data });
      const oldest = this.#kept.keys().next().value;
      if (this.#kept.size > MAX_TENANTS && oldest !== undefined) this.#kept.delete(oldest);
      return data;
    } catch {
      return undefined;
    }
  }
}
