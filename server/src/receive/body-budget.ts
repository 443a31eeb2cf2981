import { FairShares } from '@clew/model/fair-shares';
import { SpareBuffers } from '@clew/model/spare-buffers';
import type { LimitName } from '../telemetry/limit-metrics.ts';

/** Why bytes could not be had. */
export type BudgetRefusal = Extract<LimitName, 'in_flight_bytes' | 'tenant_share' | 'client_share' | 'memory'>;

/** Bytes of request bodies held by all receivers together: what keeps many slow, large requests from filling memory. */
export class BodyBudget {
  /** Where the memory of bodies comes from and goes to. */
  readonly memory: SpareBuffers;
  readonly #maxBytes: number;
  readonly #onChange: (heldBytes: number) => void;
  readonly #tenants: FairShares;
  readonly #clients: FairShares;

  constructor(maxBytes: number, onChange: (heldBytes: number) => void, memory = new SpareBuffers(0)) {
    this.memory = memory;
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
    this.#tenants = new FairShares(maxBytes);
    this.#clients = new FairShares(maxBytes);
  }

  get heldBytes(): number {
    return this.#tenants.held;
  }

  /** What may be held now. */
  get maxBytes(): number {
    return this.#tenants.capacity;
  }

  /**
   * Allows less while memory is short; undefined ends it. One request alone is always taken, and so is what keeps
   * within an equal part of the less: those who held much before are not to cost the others their place.
   */
  squeeze(maxBytes = this.#maxBytes): void {
    this.#tenants.capacity = maxBytes;
    this.#clients.capacity = maxBytes;
  }

  /** The account of one request. @param client whoever is to have its share: an address. */
  open(tenant: string, client: string): BodyAccount {
    return new BodyAccount(this, tenant, client);
  }

  /** For accounts. @param ownBytes what the request holds already. */
  reserve(account: BodyAccount, bytes: number, ownBytes: number): BudgetRefusal | undefined {
    if (this.heldBytes + bytes > this.#maxBytes) return 'in_flight_bytes';
    const refusal = ownBytes === this.heldBytes ? undefined : this.#refusal(account, bytes);
    if (refusal === undefined) this.#change(account, bytes);
    return refusal;
  }

  /** For accounts. */
  release(account: BodyAccount, bytes: number): void {
    this.#change(account, -bytes);
  }

  #refusal({ tenant, client }: BodyAccount, bytes: number): BudgetRefusal | undefined {
    if (this.#tenants.isWithinPart(tenant, bytes) && this.#clients.isWithinPart(client, bytes)) return undefined;
    if (this.heldBytes + bytes > this.maxBytes) return 'memory';
    if (!this.#tenants.hasRoom(tenant, bytes)) return 'tenant_share';
    if (!this.#clients.hasRoom(client, bytes)) return 'client_share';
    return undefined;
  }

  #change({ tenant, client }: BodyAccount, bytes: number): void {
    this.#tenants.change(tenant, bytes);
    this.#clients.change(client, bytes);
    this.#onChange(this.heldBytes);
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
