/**
 * Builds the program and a benchmark from the sources as they are, into a folder of its own, then runs it.
 * Not dist/: somebody may be running that, and what is measured should be what is here now.
 */
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installWhenStale, requireNode, root } from '../tools/prepare.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * `entry`: a file below bench/ that exports `main({ argv, buildDir })`, which resolves to the exit code. `withUi`: the
 * program comes with its interface.
 */
export async function runBuilt(entry, { withUi = false } = {}) {
  requireNode();
  // Only into an empty clone: a measurement must not replace what others may be running from.
  if (!existsSync(join(root, 'node_modules', 'rolldown'))) installWhenStale();

  // Beside the source, so that the bundles find node_modules; .cache is ignored by git.
  await mkdir(join(here, '.cache'), { recursive: true });
  const buildDir = await mkdtemp(join(here, '.cache', 'build-'));
  process.once('exit', () => rmSync(buildDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

  const { buildProgram, buildUi } = await import('../tools/build.mjs');
  const { rolldown } = await import('rolldown');
  await buildProgram(join(buildDir, 'program'));
  if (withUi) await buildUi(join(buildDir, 'program', 'ui'));
  const bundle = await rolldown({
    platform: 'node',
    input: {
      bench: join(here, entry),
      'load-generator': join(here, 'load/load-generator.ts'),
      'baseline-server': join(here, 'target/baseline-server.ts'),
    },
    external: ['protobufjs', 'chdb', 'koffi', '@clickhouse/client', '@playwright/test', '@sparticuz/chromium'],
    logLevel: 'warn',
  });
  await bundle.write({ dir: join(buildDir, 'bench'), format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  const { main } = await import(pathToFileURL(join(buildDir, 'bench', 'bench.mjs')).href);
  process.exit(await main({ argv: process.argv.slice(2), buildDir }));
}
