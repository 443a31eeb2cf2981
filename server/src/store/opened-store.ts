import type { HousekeepingNode } from './housekeeping/housekeeper.ts';
import type { SpanStore } from './span-store.ts';
import type { WriterTarget } from './writer.ts';

export interface OpenedStore {
  readonly reader: SpanStore;
  /** Where the rows of a shard (from 0) go; without a cluster those of every shard go to the one store. */
  targetOf(shard: number): WriterTarget;
  /** The shard of each slot of trace ids (cluster/trace-shards.ts); undefined without a cluster. */
  readonly shardSlots: Uint16Array<ArrayBuffer> | undefined;
  /** Every node that holds rows of its own, as it is now, for housekeeping. */
  nodes(): readonly HousekeepingNode[];
  /** The nodes of a cluster as they were when last asked; none without a cluster. Shards count from 1. */
  nodeStates(): readonly { readonly name: string; readonly shard: number; readonly isUp: boolean }[];
  /** Resolves when the schema is in place; a server that is away is waited for. Of a cluster each has been asked. */
  readonly ready: Promise<void>;
  /** Whether the store can be asked now, as far as is known without asking. */
  isUp(): boolean;
  /** Resident bytes of the embedded engine's process, after it has given back what it can if `reclaim`; 0 where there is none. */
  engineMemory(reclaim: boolean): Promise<number>;
  /** Asks. Undefined when the store answers and its schema is in place. */
  notReadyBecause(): Promise<string | undefined>;
  close(): Promise<void>;
}
