/** Senders that write down what they were told: every valid request ends in the ledger, with its fate. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@clew/testkit/random';
import type { ClewUrls } from './clew-process.ts';
import { GrpcSender } from './grpc-sender.ts';
import type { Fate, Ledger } from './ledger.ts';
import { ENCODINGS, type Encoding, encodeTrace, type Format, traceOf } from './trace-request.ts';

export interface LoadOptions {
  readonly ledger: Ledger;
  readonly random: Random;
  /** Where to send; undefined while nobody is there. */
  readonly urls: () => ClewUrls | undefined;
  readonly senders?: number;
  /** Smallest and largest request. */
  readonly spans?: readonly [number, number];
  readonly paddingBytes?: number;
  readonly transports?: readonly Transport[];
  readonly encodings?: readonly Encoding[];
  readonly tenants?: readonly string[];
  /** Of all requests; each must be refused for good. */
  readonly malformedShare?: number;
  /** Between two requests of one sender. */
  readonly pauseMs?: number;
}

export type Transport = 'http-protobuf' | 'http-json' | 'grpc';

type Told =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'retry'; readonly advised: boolean; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

const DEFAULT_TENANT = 'default';
/** Shorter than advised, so that the moment of recovery is seen. */
const RETRY_MS = 100;
const RETRYABLE_HTTP = new Set([429, 502, 503, 504]);
/** RESOURCE_EXHAUSTED and UNAVAILABLE, the latter also for what is not sent by us. */
const RETRYABLE_GRPC = new Set([8, 14]);

const running = new Set<Load>();

/** For afterEach: a test that failed must not send into the next one. */
export async function stopLoads(): Promise<void> {
  await Promise.all([...running].map((load) => load.stop({ giveUp: true })));
}

export class Load {
  readonly #options: LoadOptions;
  #stopped = false;
  #giveUp = false;
  readonly #senders: Promise<void>[] = [];
  /** Answers of each kind; the messages of refusals, each once. */
  accepted = 0;
  retries = 0;
  broken = 0;
  readonly refusals = new Set<string>();
  /** What should never be: valid requests refused for good, garbage accepted, refusals that do not say when to retry. */
  readonly oddities = new Set<string>();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): this {
    running.add(this);
    for (let i = 0; i < (this.#options.senders ?? 4); i++) this.#senders.push(this.#run());
    return this;
  }

  /** Stops after the requests under way; what is refused is tried again until it is taken, or given up at once. */
  async stop({ giveUp = false }: { readonly giveUp?: boolean } = {}): Promise<void> {
    this.#stopped = true;
    this.#giveUp = giveUp;
    await Promise.all(this.#senders);
    running.delete(this);
  }

  async #run(): Promise<void> {
    const grpc = new GrpcSender();
    const { random, malformedShare = 0, pauseMs = 0 } = this.#options;
    while (!this.#stopped) {
      if (this.#options.urls() === undefined) await sleep(10);
      else if (random.chance(malformedShare)) await this.#sendGarbage();
      else await this.#sendTrace(grpc);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    grpc.close();
  }

  async #sendTrace(grpc: GrpcSender): Promise<void> {
    const { ledger, random, spans: [fewest, most] = [1, 40], paddingBytes, urls } = this.#options;
    const traceId = ledger.newTraceId();
    const spanCount = random.between(fewest, most);
    const transport = random.pick(this.#options.transports ?? ['http-protobuf']);
    const encoding = random.pick(this.#options.encodings ?? ENCODINGS);
    const tenant = random.pick(this.#options.tenants ?? [DEFAULT_TENANT]);
    const format: Format = transport === 'http-json' ? 'json' : 'protobuf';
    const body = encodeTrace(traceOf(traceId, spanCount, paddingBytes), format, encoding);
    const note = (fate: Fate): void => ledger.note(traceId, { tenant, spanCount, fate });
    for (;;) {
      const target = urls();
      if (target === undefined) {
        if (this.#giveUp) return note('refused');
        await sleep(10);
        continue;
      }
      const told =
        transport === 'grpc'
          ? await sendGrpc(grpc, target.otlpGrpc, body, encoding, tenant)
          : await sendHttp(target.otlpHttp, body, format, encoding, tenant);
      if (told.kind === 'accepted') {
        this.accepted++;
        return note('acknowledged');
      }
      if (told.kind === 'broken') {
        this.broken++;
        note('unknown');
        return void (await sleep(5));
      }
      this.refusals.add(told.message);
      if (told.kind === 'refused') {
        this.oddities.add(`a valid request was refused for good: ${told.message}`);
        return note('refused');
      }
      this.retries++;
      if (!told.advised) this.oddities.add(`no word when to retry: ${told.message}`);
      if (this.#giveUp) return note('refused');
      await sleep(RETRY_MS);
    }
  }

  async #sendGarbage(): Promise<void> {
    const { random, urls } = this.#options;
    const target = urls();
    if (target === undefined) return;
    // An unfinished length-delimited field: no prefix of it is a message.
    const body = Uint8Array.from({ length: random.between(3, 2_000) }, (_, i) =>
      i === 0 ? 0x0a : i < 3 ? 0xff : random.below(256),
    );
    body[2] = 0x7f;
    const told = await sendHttp(target.otlpHttp, body, 'protobuf', random.pick(ENCODINGS), DEFAULT_TENANT);
    if (told.kind === 'accepted') this.oddities.add('garbage was accepted');
  }
}

async function sendHttp(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  format: Format,
  encoding: Encoding,
  tenant: string,
): Promise<Told> {
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': format === 'json' ? 'application/json' : 'application/x-protobuf',
        'x-scope-orgid': tenant,
        ...(encoding !== 'identity' && { 'content-encoding': encoding }),
      },
      body,
    });
    const text = await response.text();
    if (response.status === 200) return { kind: 'accepted' };
    const message = `${response.status} ${text.replaceAll(/[^ -~]/g, '').replaceAll(/\d{3,}/g, 'N')}`;
    if (!RETRYABLE_HTTP.has(response.status)) return { kind: 'refused', message };
    return { kind: 'retry', advised: response.headers.has('retry-after'), message };
  } catch {
    return { kind: 'broken' };
  }
}

async function sendGrpc(
  grpc: GrpcSender,
  url: string,
  body: Uint8Array,
  encoding: Encoding,
  tenant: string,
): Promise<Told> {
  try {
    const { status, message, hasDetails } = await grpc.send(url, body, { encoding, tenant });
    if (status === 0) return { kind: 'accepted' };
    const shown = `grpc ${status} ${message.replaceAll(/\d{3,}/g, 'N')}`;
    if (!RETRYABLE_GRPC.has(status)) return { kind: 'refused', message: shown };
    return { kind: 'retry', advised: hasDetails, message: shown };
  } catch {
    grpc.close();
    return { kind: 'broken' };
  }
}
