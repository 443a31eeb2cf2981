import { setTimeout as sleep } from 'node:timers/promises';
import type { StageLogger } from '../../telemetry/stage-logger.ts';
import {
  applyPlan,
  type MigrateOptions,
  type MigrateProgress,
  type MigrationClient,
  type MigrationPlan,
  planMigration,
  SchemaError,
} from './migrate.ts';

export interface SchemaUpdateOptions extends Pick<MigrateOptions, 'rewrite'> {
  readonly client: MigrationClient;
  readonly database: string;
  readonly logger: StageLogger;
  /** What is waited for while nothing answers. */
  readonly whoAnswers: string;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;
/** A small store is rewritten before anybody would notice. */
const WAIT_FOR_REWRITE_MS = 5_000;
const LOG_INTERVAL_MS = 15_000;
const MAX_FAILURE_LENGTH = 300;

/** The schema of one store on its way to the newest, and what is said of it meanwhile. */
export class SchemaUpdate {
  readonly #options: SchemaUpdateOptions;
  readonly #closing = new AbortController();
  #isDone = false;
  #progress: MigrateProgress | undefined;
  #rewriteStart: { readonly atMs: number; readonly left: number } | undefined;
  #loggedMs = 0;

  constructor(options: SchemaUpdateOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** How far it is; undefined while nothing is known of the store, when it is new, and at the end. */
  get progress(): string | undefined {
    return this.#progress && this.#describe(this.#progress);
  }

  /**
   * For a store that is there. Resolves with the end of it, which is not awaited where spans have to be rewritten and
   * are many: then they are taken meanwhile.
   * @throws SchemaError when the schema is not one this program can work with; the client's error when a statement fails.
   */
  async begin(): Promise<{ readonly done: Promise<void> }> {
    const plan = await planMigration(this.#options.client, this.#options);
    if (!plan.rewrites) {
      await this.#apply(plan);
      return { done: Promise.resolve() };
    }
    const done = this.whenThere();
    await Promise.race([done, sleep(WAIT_FOR_REWRITE_MS, undefined, { ref: false })]);
    return { done };
  }

  /** Resolves when the schema is in place. @throws SchemaError as `begin` does; the client's error when a statement fails. */
  async apply(): Promise<void> {
    this.#closing.signal.throwIfAborted();
    await this.#apply(await planMigration(this.#options.client, this.#options));
  }

  /** Resolves when the schema is in place, however often that has to be tried. Never rejects; pending once closed. */
  async whenThere(): Promise<void> {
    const { logger, whoAnswers } = this.#options;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      try {
        return await this.apply();
      } catch (error) {
        if (this.#closing.signal.aborted) return new Promise(() => undefined);
        const { message } = error as Error;
        if (error instanceof SchemaError) {
          logger.error({ error: message }, 'store: cannot work with this schema, spans stay in the journal');
        } else if (this.#progress === undefined) {
          logger.warn({ error: message, retryMs }, `store: ${whoAnswers} does not answer`);
        } else {
          logger.warn({ error: message, retryMs }, `store: ${this.#describe(this.#progress)}; it failed, trying again`);
        }
      }
      await sleep(retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #apply(plan: MigrationPlan): Promise<void> {
    const { client, logger, ...options } = this.#options;
    const result = await applyPlan(client, plan, { ...options, onProgress: (progress) => this.#note(progress) });
    this.#isDone = true;
    this.#progress = undefined;
    if (result.from !== result.to) logger.info({ ...result, database: options.database }, 'schema migrated');
  }

  #note(progress: MigrateProgress): void {
    const { logger } = this.#options;
    const nowMs = performance.now();
    const isNextStep = this.#progress?.version !== progress.version;
    const left = progress.rewriting?.left ?? 0;
    // Each statement of a step goes through all spans anew.
    if (isNextStep || left > (this.#progress?.rewriting?.left ?? 0)) this.#rewriteStart = undefined;
    this.#progress = progress;
    if (progress.rewriting !== undefined) this.#rewriteStart ??= { atMs: nowMs, left };
    if (!isNextStep && nowMs - this.#loggedMs < LOG_INTERVAL_MS) return;
    this.#loggedMs = nowMs;
    logger.info({ version: progress.version, name: progress.name }, this.#describe(progress));
  }

  #describe({ version, name, newest, rewriting }: MigrateProgress): string {
    const step = `the schema is brought up to date, step ${version} of ${newest} (${name})`;
    if (rewriting === undefined) return step;
    const { spans, left, failure } = rewriting;
    const done = `${step}: ${millions(spans - left)} of ${millions(spans)} million spans rewritten`;
    if (failure !== undefined) return `${done}; it fails and is tried again: ${failure.slice(0, MAX_FAILURE_LENGTH)}`;
    return `${done}${this.#timeLeft(left)}`;
  }

  #timeLeft(left: number): string {
    const start = this.#rewriteStart;
    if (start === undefined || left >= start.left) return '';
    const leftMs = ((performance.now() - start.atMs) / (start.left - left)) * left;
    const minutes = Math.ceil(leftMs / 60_000);
    return `, about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
  }
}

function millions(spans: number): string {
  return (spans / 1e6).toFixed(1);
}
