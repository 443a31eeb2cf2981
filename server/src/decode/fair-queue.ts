/** Waiting requests, taken in turns: tenant by tenant, and within a tenant client by client, the same bytes each. */

/** Bytes a tenant or client may be ahead of another in one turn. About a usual large batch. */
const TURN_BYTES = 2 ** 20;

export interface Queued {
  readonly tenant: string;
  readonly client: string;
  readonly bytes: number;
  readonly queuedMs: number;
}

interface Source<T> {
  readonly size: number;
  push(item: T): void;
  /** Bytes of the item `shift` gives next; only when there is one. */
  headBytes(): number;
  shift(): T | undefined;
  /** Takes out what was queued before. */
  takeOlder(queuedBeforeMs: number, into: T[]): void;
}

/** Deficit round robin (Shreedhar and Varghese 1996) over tenants of round robins over clients. */
export class FairQueue<T extends Queued> {
  readonly #tenants = new Turns<T>(
    (item) => item.tenant,
    () =>
      new Turns<T>(
        (item) => item.client,
        () => new Line<T>(),
      ),
  );

  get size(): number {
    return this.#tenants.size;
  }

  push(item: T): void {
    this.#tenants.push(item);
  }

  shift(): T | undefined {
    return this.#tenants.shift();
  }

  takeOlder(queuedBeforeMs: number): T[] {
    const taken: T[] = [];
    this.#tenants.takeOlder(queuedBeforeMs, taken);
    return taken;
  }
}

class Line<T extends Queued> implements Source<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  headBytes(): number {
    return this.#items[0].bytes;
  }

  shift(): T | undefined {
    return this.#items.shift();
  }

  takeOlder(queuedBeforeMs: number, into: T[]): void {
    const firstYounger = this.#items.findIndex((item) => item.queuedMs >= queuedBeforeMs);
    into.push(...this.#items.splice(0, firstYounger < 0 ? this.#items.length : firstYounger));
  }
}

interface Turn<T> {
  readonly key: string;
  readonly source: Source<T>;
  /** Bytes it may still send in this turn. */
  allowance: number;
}

class Turns<T extends Queued> implements Source<T> {
  readonly #keyOf: (item: T) => string;
  readonly #createSource: () => Source<T>;
  readonly #byKey = new Map<string, Turn<T>>();
  /** The first one's turn it is. Nobody without items is in it. */
  #order: Turn<T>[] = [];
  #size = 0;

  constructor(keyOf: (item: T) => string, createSource: () => Source<T>) {
    this.#keyOf = keyOf;
    this.#createSource = createSource;
  }

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const key = this.#keyOf(item);
    let turn = this.#byKey.get(key);
    if (turn === undefined) {
      turn = { key, source: this.#createSource(), allowance: 0 };
      this.#byKey.set(key, turn);
      this.#order.push(turn);
    }
    turn.source.push(item);
    this.#size++;
  }

  headBytes(): number {
    return this.#ready().source.headBytes();
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const turn = this.#ready();
    const item = turn.source.shift();
    if (item === undefined) return undefined;
    this.#size--;
    turn.allowance -= item.bytes;
    if (turn.source.size === 0) {
      this.#order.shift();
      this.#byKey.delete(turn.key);
    }
    return item;
  }

  takeOlder(queuedBeforeMs: number, into: T[]): void {
    const before = into.length;
    for (const { source } of this.#order) source.takeOlder(queuedBeforeMs, into);
    this.#size -= into.length - before;
    this.#order = this.#order.filter(({ key, source }) => {
      if (source.size === 0) this.#byKey.delete(key);
      return source.size > 0;
    });
  }

  /** The one whose turn it is, with an allowance for its next item. */
  #ready(): Turn<T> {
    for (;;) {
      const turn = this.#order[0];
      if (turn.source.headBytes() <= turn.allowance) return turn;
      turn.allowance += TURN_BYTES;
      if (turn.source.headBytes() <= turn.allowance && this.#order.length === 1) return turn;
      this.#order.shift();
      this.#order.push(turn);
    }
  }
}
