/**
 * One engine for all files of a test run, and one bundle of its process: each file of the store's tests has a database
 * of its own in it. Starting an engine for each costs more than most of them.
 */
import type { TestProject } from 'vitest/node';
import { bundleEngine } from '../bundle-engine.ts';
import { startEngineAt } from '../test-engine.ts';

/** Several files ask it at the same time. */
const MEMORY_LIMIT_BYTES = 1_400 * 1024 * 1024;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const enginePath = await bundleEngine();
  const { engine, close } = await startEngineAt(enginePath, undefined, MEMORY_LIMIT_BYTES);
  project.provide('engine', { enginePath, socketPath: engine.socketPath });
  return close;
}
