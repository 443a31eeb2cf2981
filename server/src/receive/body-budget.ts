import { SpareBuffers } from '@clew/model/spare-buffers';
import type { LimitName } from '../telemetry/limit-metrics.ts';

/**
 * A tenant or a client may hold this many times what is still free. So nobody alone takes all the room (4/5 at most),
 * several at their limits hold the same each, and there is always room for one that comes new (the dynamic threshold
 * of shared-memory switches, Choudhury and Hahne 1998).
 */
const SHARE_OF_FREE = 4;

/** Why bytes could not be had. */
export type BudgetRefusal = Extract<LimitName, 'in_flight_bytes' | 'tenant_share' | 'client_share' | 'memory'>;

/** Bytes of request bodies held by all receivers together: what keeps many slow, large requests from filling memory. */
export class BodyBudget {
  /** Where the memory of bodies comes from and goes to. */
  readonly memory: SpareBuffers;
  readonly #maxBytes: number;
  readonly #onChange: (heldBytes: number) => void;
  readonly #byTenant = new Map<string, number>();
  readonly #byClient = new Map<string, number>();
  #held = 0;
  #squeezedBytes: number | undefined;

  constructor(maxBytes: number, onChange: (heldBytes: number) => void, memory = new SpareBuffers(0)) {
    this.memory = memory;
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** What may be held now. */
  get maxBytes(): number {
    return this.#squeezedBytes ?? this.#maxBytes;
  }

  /** Allows less while memory is short; undefined ends it. One request alone is always taken. */
  squeeze(maxBytes: number | undefined): void {
    this.#squeezedBytes = maxBytes;
  }

  /** The account of one request. @param client whoever is to have its share: an address. */
  open(tenant: string, client: string): BodyAccount {
    return new BodyAccount(this, tenant, client);
  }

  /** For accounts. @param ownBytes what the request holds already. */
  reserve(account: BodyAccount, bytes: number, ownBytes: number): BudgetRefusal | undefined {
    if (this.#held + bytes > this.#maxBytes) return 'in_flight_bytes';
    const refusal = ownBytes === this.#held ? undefined : this.#refusal(account, bytes);
    if (refusal === undefined) this.#change(account, bytes);
    return refusal;
  }

  /** For accounts. */
  release(account: BodyAccount, bytes: number): void {
    this.#change(account, -bytes);
  }

  #refusal({ tenant, client }: BodyAccount, bytes: number): BudgetRefusal | undefined {
    const free = this.maxBytes - this.#held - bytes;
    if (free < 0) return 'memory';
    if ((this.#byTenant.get(tenant) ?? 0) + bytes > free * SHARE_OF_FREE) return 'tenant_share';
    if ((this.#byClient.get(client) ?? 0) + bytes > free * SHARE_OF_FREE) return 'client_share';
    return undefined;
  }

  #change({ tenant, client }: BodyAccount, bytes: number): void {
    this.#held += bytes;
    add(this.#byTenant, tenant, bytes);
    add(this.#byClient, client, bytes);
    this.#onChange(this.#held);
  }
}

/** What one request holds of the budget. */
export class BodyAccount {
  readonly #budget: BodyBudget;
  readonly tenant: string;
  readonly client: string;
  #bytes = 0;
  /** Why `tryReserve` last said no. */
  refusal: BudgetRefusal = 'in_flight_bytes';

  constructor(budget: BodyBudget, tenant: string, client: string) {
    this.#budget = budget;
    this.tenant = tenant;
    this.client = client;
  }

  get memory(): SpareBuffers {
    return this.#budget.memory;
  }

  /** Takes `bytes` more, or nothing and returns false. */
  tryReserve(bytes: number): boolean {
    const refusal = this.#budget.reserve(this, bytes, this.#bytes);
    if (refusal !== undefined) {
      this.refusal = refusal;
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#budget.release(this, bytes);
    this.#bytes -= bytes;
  }
}

function add(map: Map<string, number>, key: string, bytes: number): void {
  const sum = (map.get(key) ?? 0) + bytes;
  if (sum === 0) map.delete(key);
  else map.set(key, sum);
}
