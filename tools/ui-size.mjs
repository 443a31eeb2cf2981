/**
 * How much the built UI loads before anything can be seen: what index.html names, and what that imports. Fails over
 * the limit, with the figures. `node tools/ui-size.mjs` after a build.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './prepare.mjs';

/** Gzipped, scripts and styles. */
const FIRST_LOAD_LIMIT = 250_000;
/** Pages come when they are asked for; this is the most any one may bring with it, beyond the first load. */
const PAGE_LIMIT = 200_000;

const STATIC_IMPORT = /(?:^|[;}\s])(?:import|export)\s*(?:[^"'();]*?from\s*)?["']\.\/([^"']+)["']/g;

/** @returns {Map<string, number>} gzipped bytes of the files that `entries` load at once */
export function staticallyLoaded(assets, entries) {
  const sizes = new Map();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (sizes.has(name)) continue;
    const bytes = readFileSync(join(assets, name));
    sizes.set(name, gzipSync(bytes, { level: 9 }).length);
    if (!name.endsWith('.js')) continue;
    for (const [, imported] of bytes.toString().matchAll(STATIC_IMPORT)) open.push(imported);
  }
  return sizes;
}

const sum = (sizes) => [...sizes.values()].reduce((total, size) => total + size, 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

export function measureUi(dir) {
  const assets = join(dir, 'assets');
  const html = readFileSync(join(dir, 'index.html'), 'utf8');
  const entries = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
  const first = staticallyLoaded(assets, entries);
  const pages = readdirSync(assets)
    .filter((name) => /-page-[^.]+\.js$/.test(name))
    .map((name) => {
      const style = readdirSync(assets).find((other) => other.endsWith('.css') && other.startsWith(stem(name)));
      const own = staticallyLoaded(assets, style === undefined ? [name] : [name, style]);
      for (const shared of first.keys()) own.delete(shared);
      return { name: stem(name).slice(0, -1), bytes: sum(own) };
    })
    .sort((a, b) => b.bytes - a.bytes);
  return { firstBytes: sum(first), first, pages };
}

const stem = (name) => name.replace(/-.{8}\.js$/, '-');

if (process.argv[1] === import.meta.filename) {
  const { firstBytes, first, pages } = measureUi(join(root, 'dist/ui'));
  console.log(`first load: ${kilobytes(firstBytes)} of ${kilobytes(FIRST_LOAD_LIMIT)} gzipped, ${first.size} files`);
  for (const { name, bytes } of pages) console.log(`  ${name}: + ${kilobytes(bytes)}`);
  const heavy = pages.filter(({ bytes }) => bytes > PAGE_LIMIT);
  if (firstBytes > FIRST_LOAD_LIMIT) {
    const largest = [...first].sort((a, b) => b[1] - a[1]).slice(0, 5);
    for (const [name, bytes] of largest) console.error(`  ${name}: ${kilobytes(bytes)}`);
    console.error('ui size: the first load is over its limit. Import heavy parts when they are needed.');
  }
  for (const { name, bytes } of heavy) {
    console.error(`ui size: ${name} brings ${kilobytes(bytes)}, the limit of a page is ${kilobytes(PAGE_LIMIT)}.`);
  }
  process.exit(firstBytes > FIRST_LOAD_LIMIT || heavy.length > 0 ? 1 : 0);
}
