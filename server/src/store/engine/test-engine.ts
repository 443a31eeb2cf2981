/** A real engine in a directory of its own, for integration tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStoreClient, type StoreClient } from '../client.ts';
import { bundleEngine } from './bundle-engine.ts';
import { type EmbeddedEngine, type EngineCrash, startEmbeddedEngine } from './embedded-engine.ts';
import { engineOfRun } from './test/engine-of-run.ts';

export interface TestEngine {
  readonly engine: EmbeddedEngine;
  readonly client: StoreClient;
  readonly dataDir: string;
  readonly crashes: readonly EngineCrash[];
  close(): Promise<void>;
}

const MEMORY_LIMIT_BYTES = 700 * 1024 * 1024;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function makeDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'clew-test-'));
}

/** Starts an engine; `close` stops it and, unless `dataDir` was given, removes its directory. */
export async function startTestEngine(dataDir?: string): Promise<TestEngine> {
  return startEngineAt(engineOfRun()?.enginePath ?? (await bundleEngine()), dataDir);
}

/** The same of a bundle that is there, also outside of a test. */
export async function startEngineAt(
  enginePath: string,
  dataDir?: string,
  memoryLimitBytes = MEMORY_LIMIT_BYTES,
): Promise<TestEngine> {
  const directory = dataDir ?? makeDataDir();
  const crashes: EngineCrash[] = [];
  const engine = await startEmbeddedEngine({
    dataDir: directory,
    enginePath,
    memoryLimitBytes,
    logger: silent,
    onCrash: (crash) => crashes.push(crash),
  });
  const client = createStoreClient(engine.clientOptions);
  return {
    engine,
    client,
    dataDir: directory,
    crashes,
    async close() {
      await client.close();
      await engine.stop();
      if (dataDir === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** All of a SELECT's Native bytes. */
export async function readNative(client: StoreClient, sql: string): Promise<Uint8Array> {
  const { chunks } = await client.selectNative(sql);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Polls until `holds`; the test's own time limit ends it otherwise. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
