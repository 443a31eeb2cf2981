/** Inserts into the embedded engine, which cannot be believed on a full disk: see engine/engine-disk.ts. */
import { randomUUID } from 'node:crypto';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { StoreClient } from './store-client.ts';
import { StoreUnavailableError } from './store-error.ts';
import { containsAllSpans, containsAnySpan } from './stored-check.ts';
import type { WriterTarget } from './writer.ts';

export interface EngineWithDisk {
  /** Why the disk has no room for an insert; undefined when it has. */
  fullDisk(): Promise<string | undefined>;
  /** Times the engine was killed for it. */
  readonly fullDiskCount: number;
}

export interface EmbeddedTargetOptions {
  readonly client: StoreClient;
  readonly database: string;
  readonly engine: EngineWithDisk;
  readonly logger: StageLogger;
  /** Called when attribute keys may have come to be stored, before the spans that have them are sent. */
  readonly onAttributeKeys?: () => void;
}

const MAX_REPETITIONS = 3;

/**
 * An insert counts when there was room before and after it. One that met a full disk may have left its token in the
 * store and not its rows, so when it has gone well at last it is looked for, and sent once more under another token if
 * it is not there. So is the first of a process: its predecessor may have died on a full disk.
 */
export function createEmbeddedTarget(options: EmbeddedTargetOptions): WriterTarget {
  const { client, database, engine, logger, onAttributeKeys } = options;
  const suspects = new Set<string>();
  const knownTables = new Set<string>();
  const requireRoom = async (): Promise<void> => {
    const reason = await engine.fullDisk();
    if (reason !== undefined) throw new StoreUnavailableError(reason);
  };
  const insert = async (
    table: string,
    blocks: readonly Uint8Array[],
    deduplicationToken: string,
    timeoutMs: number,
  ): Promise<void> => {
    await requireRoom();
    const signal = AbortSignal.timeout(timeoutMs);
    await client.insertNative(`${database}.${table}`, blocks, { deduplicationToken, signal });
    await requireRoom();
  };
  const isThere = (table: string, blocks: readonly Uint8Array[]): Promise<boolean> =>
    table === 'spans' ? containsAllSpans(client, database, blocks) : Promise.resolve(false);
  /** Catalogue rows are few, and harmless twice: they are sent again unseen. */
  const makeSure = async (table: string, blocks: readonly Uint8Array[], token: string, timeoutMs: number) => {
    for (let repetition = 0; !(await isThere(table, blocks)); repetition++) {
      if (repetition === MAX_REPETITIONS) throw new Error(`store: a group for ${table} does not arrive.`);
      if (table === 'spans') logger.warn({ token }, 'store: a group was lost on a full disk, it is inserted again');
      await insert(table, blocks, `${token}-${randomUUID()}`, timeoutMs);
      if (table !== 'spans') return;
    }
  };
  return {
    async insertNative(table, blocks, { deduplicationToken, timeoutMs }) {
      const killsBefore = engine.fullDiskCount;
      try {
        await insert(table, blocks, deduplicationToken, timeoutMs);
        if (suspects.has(deduplicationToken) || !knownTables.has(table)) {
          await makeSure(table, blocks, deduplicationToken, timeoutMs);
        }
        if (engine.fullDiskCount !== killsBefore) throw new StoreUnavailableError('the disk of the store was full.');
      } catch (error) {
        if (engine.fullDiskCount !== killsBefore) suspects.add(deduplicationToken);
        throw error;
      } finally {
        // Also of an insert that failed something may be there.
        if (table === 'attribute_keys') onAttributeKeys?.();
      }
      suspects.delete(deduplicationToken);
      knownTables.add(table);
    },
    containsAny: (spanBlocks) => containsAnySpan(client, database, spanBlocks),
  };
}
