/**
 * For tests and benchmarks that run from source: bundles the engine process the way the build does, once a process.
 * Node 20 runs no TypeScript, and the engine is a process of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

let bundled: Promise<string> | undefined;

/** Path of the bundled hold-engine.ts, beside engine.js. */
export async function bundleHolder(): Promise<string> {
  return join(dirname(await bundleEngine()), 'hold-engine.js');
}

/** Path of a bundled engine.js inside node_modules, where it finds the packages. Removed when the process ends. */
export function bundleEngine(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('chdb/package.json')));
  const directory = mkdtempSync(join(modules, '.clew-engine-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const build = await rolldown({
    platform: 'node',
    input: { engine: beside('engine-process.ts'), 'hold-engine': beside('hold-engine.ts') },
    external: (id) => id.startsWith('node:') || id === 'koffi' || id.startsWith('chdb'),
  });
  await build.write({ dir: directory, format: 'esm', entryFileNames: '[name].js' });
  await build.close();
  return join(directory, 'engine.js');
}

function beside(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}
