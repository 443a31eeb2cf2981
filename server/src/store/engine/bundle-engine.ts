/**
 * For tests and benchmarks that run from source: bundles the engine process the way the build does, once a process.
 * Node 20 runs no TypeScript, and the engine is a process of its own.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
/** Bundles of other versions of the source may be in use by other test runs. */
const KEEP_MS = 24 * 3_600_000;

let bundled: Promise<string> | undefined;

/** Path of the bundled hold-engine.ts, beside the engine. */
export async function bundleHolder(): Promise<string> {
  return join(dirname(await bundleEngine()), 'hold-engine.js');
}

/** Path of the bundled engine-process.ts inside node_modules, where it finds the packages. */
export function bundleEngine(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const modules = dirname(dirname(require.resolve('chdb/package.json')));
  const cache = join(modules, '.cache', 'clew-engine');
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const modifiedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - modifiedMs > KEEP_MS) rmSync(path, { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(cache, 'draft-'));
  const rolldown = join(dirname(require.resolve('rolldown/package.json')), 'bin', 'cli.mjs');
  const inputs = [beside('engine-process.ts'), beside('hold-engine.ts')];
  const options = ['--dir', draft, '--format', 'esm', '--platform', 'node', '--external', 'koffi'];
  await promisify(execFile)(process.execPath, [rolldown, ...inputs, ...options]);
  const hash = createHash('sha256');
  for (const name of readdirSync(draft).sort()) hash.update(name).update(readFileSync(join(draft, name)));
  const final = join(cache, hash.digest('hex').slice(0, 16));
  try {
    renameSync(draft, final);
  } catch (error) {
    // The same source has been bundled before, perhaps this moment by another test run.
    if (!existsSync(final)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return join(final, 'engine-process.js');
}

function beside(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}
