/** A TCP proxy that fails on command, in front of a store. */
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `refuse`: nobody listens, open connections break. `hang`: connections are taken and nothing moves, as with a server
 * that lost its power. `lose answers`: requests arrive, the connection breaks before the answer.
 */
export type ProxyMode = 'pass' | 'refuse' | 'hang' | 'lose answers';

interface Pair {
  readonly client: Socket;
  readonly store: Socket;
  /** It hung once: no new mode revives it, and its client is not told. */
  isStuck: boolean;
}

export class FaultyProxy {
  readonly #socketPath: string;
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #port = 0;
  #mode: ProxyMode = 'pass';
  /** Answers that were begun and not delivered. */
  lostAnswers = 0;

  private constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Passes on to a Unix socket. */
  static async start(socketPath: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(socketPath);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async setMode(mode: ProxyMode): Promise<void> {
    const before = this.#mode;
    this.#mode = mode;
    if (mode === 'refuse') {
      await this.#stopListening();
      this.#breakAll();
      return;
    }
    if (before === 'refuse') await this.#listen();
    if (mode !== 'hang') return;
    for (const pair of this.#pairs) {
      pair.isStuck = true;
      pair.store.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#stopListening();
    this.#breakAll();
  }

  async #listen(): Promise<void> {
    const server = createServer((client) => this.#join(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', () => resolve());
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    return new Promise((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
      this.#breakAll();
    });
  }

  #join(client: Socket): void {
    const store = connect(this.#socketPath);
    const pair: Pair = { client, store, isStuck: this.#mode === 'hang' };
    this.#pairs.add(pair);
    client.on('data', (chunk) => {
      if (!pair.isStuck && !store.destroyed) store.write(chunk);
    });
    store.on('data', (chunk) => {
      if (pair.isStuck) return;
      if (this.#mode === 'lose answers') {
        this.lostAnswers++;
        client.destroy();
        store.destroy();
      } else client.write(chunk);
    });
    client.on('error', () => undefined);
    store.on('error', () => undefined);
    client.on('close', () => {
      this.#pairs.delete(pair);
      store.destroy();
    });
    store.on('close', () => {
      if (!pair.isStuck) client.destroy();
    });
  }

  #breakAll(): void {
    for (const { client, store } of this.#pairs) {
      client.destroy();
      store.destroy();
    }
  }
}
