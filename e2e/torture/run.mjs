/**
 * `npm run torture -- --minutes 30 --seed 7`: builds the program and the torture from the sources as they are, into a
 * folder of its own, and runs it. Ends with a verdict, the seed and an exit code: 0 only when nothing was lost.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { buildProgram } from '../../tools/build.mjs';
import { requireNode } from '../../tools/prepare.mjs';

requireNode();
const here = dirname(fileURLToPath(import.meta.url));
await mkdir(join(here, '.cache'), { recursive: true });
const buildDir = await mkdtemp(join(here, '.cache', 'build-'));
process.once('exit', () => rmSync(buildDir, { recursive: true, force: true }));

await buildProgram(join(buildDir, 'program'));
const bundle = await rolldown({ platform: 'node', input: join(here, 'torture.ts'), logLevel: 'warn' });
await bundle.write({ dir: join(buildDir, 'torture'), format: 'esm', entryFileNames: 'torture.mjs' });
await bundle.close();

process.env.CLEW_TORTURE_CLOCK = join(here, '..', 'faults', 'shifted-clock.mjs');
process.env.CLEW_TEST_PROGRAM = join(buildDir, 'program', 'clew.js');
const { main } = await import(pathToFileURL(join(buildDir, 'torture', 'torture.mjs')).href);
process.exit(await main(process.argv.slice(2)));
