// Usage: node bench/ingest/run.mjs [--help]     (or: npm run bench:ingest -- [--help])
// Builds the program and the benchmark from the sources as they are, into a folder of its own, then runs it.
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installWhenStale, requireNode, root } from '../../tools/prepare.mjs';

requireNode();
// Only into an empty clone: a measurement must not replace what others may be running from.
if (!existsSync(join(root, 'node_modules', 'rolldown'))) installWhenStale();

const here = dirname(fileURLToPath(import.meta.url));
// Beside the source, so that the bundles find node_modules; .cache is ignored by git.
await mkdir(join(here, '.cache'), { recursive: true });
const directory = await mkdtemp(join(here, '.cache', 'build-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const { buildProgram } = await import('../../tools/build.mjs');
const { rolldown } = await import('rolldown');
// Not dist/: somebody may be running that, and what is measured should be what is here now.
await buildProgram(join(directory, 'program'));
const bundle = await rolldown({
  platform: 'node',
  input: {
    'ingest-bench': join(here, 'ingest-bench.ts'),
    'load-generator': join(here, 'load-generator.ts'),
    'baseline-server': join(here, 'baseline-server.ts'),
  },
  external: ['protobufjs', 'chdb', 'koffi', '@clickhouse/client'],
  logLevel: 'warn',
});
await bundle.write({ dir: join(directory, 'bench'), format: 'esm', entryFileNames: '[name].mjs' });
await bundle.close();
const { runIngestBench } = await import(pathToFileURL(join(directory, 'bench', 'ingest-bench.mjs')).href);
process.exit(await runIngestBench({ argv: process.argv.slice(2), buildDir: directory }));
