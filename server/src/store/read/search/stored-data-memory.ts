import { ReadGivesWayError } from '../../admission/read-refused-error.ts';
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
/** After it had to give way to others, what is known stays as it is for this long. */
const RETRY_MS = 5_000;
const MAX_TENANTS = 1_000;

/** `spare`: nobody waits for it. */
export type MakeRunner = (kind: 'lookup' | 'spare') => StatementRunner;

interface Kept {
  readonly askedMs: number;
  /** As performance.now() has it. */
  readonly freshUntilMs: number;
  readonly data: StoredData;
}

/**
 * How much of a tenant is stored: looked at beside the searches, so that none waits for it. Where it is known and only
 * asked anew it takes no place in the engine that somebody else needs, and none in the queue.
 */
export class StoredDataMemory {
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<StoredData | undefined>>();

  /** What is known, which may be a minute old; asks where it is older than a moment. */
  load(tenant: string, makeRunner: MakeRunner): Promise<StoredData | undefined> {
    const kept = this.#kept.get(tenant);
    const nowMs = performance.now();
    if (kept !== undefined && nowMs < kept.freshUntilMs) return Promise.resolve(kept.data);
    const isUsable = kept !== undefined && nowMs - kept.askedMs < USABLE_MS;
    let asking = this.#asking.get(tenant);
    if (asking === undefined) {
      asking = this.#ask(tenant, makeRunner(isUsable ? 'spare' : 'lookup')).finally(() => this.#asking.delete(tenant));
      this.#asking.set(tenant, asking);
    }
    return isUsable ? Promise.resolve(kept.data) : asking;
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
      this.#kept.set(tenant, { askedMs, freshUntilMs: askedMs + freshMs, data });
      const oldest = this.#kept.keys().next().value;
      if (this.#kept.size > MAX_TENANTS && oldest !== undefined) this.#kept.delete(oldest);
      return data;
    } catch (error) {
      const kept = this.#kept.get(tenant);
      const gaveWay = error instanceof ReadGivesWayError || runner.signal?.aborted === true;
      if (gaveWay && kept !== undefined) {
        this.#kept.set(tenant, { ...kept, freshUntilMs: performance.now() + RETRY_MS });
      }
      return undefined;
    }
  }
}
