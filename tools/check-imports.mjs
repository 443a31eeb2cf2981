/**
 * Checks who imports whom. Data flows left to right, imports never do; write side and read side meet only in
 * `store`; no rings, by value or type; SQL text only in `store`; the environment only in `config`.
 * A rule that matches no file fails too: rules must not outlive what they guard.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder → folders it may import (itself always), and npm or node modules it may use. */
export const TABLE = [
  ['packages/model/src', [], []],
  ['packages/wire/src', ['packages/model/src'], []],
  ['packages/traceql/src/codemirror', ['packages/traceql/src'], ['@codemirror/*', '@lezer/highlight']],
  ['packages/traceql/src', ['packages/model/src'], ['re2js']],
  ['packages/analysis/src', ['packages/model/src'], []],
  ['packages/contract/src', ['packages/model/src', 'packages/wire/src'], ['zod']],
  ['server/src/config', [], ['node:*', 'zod', 'yaml']],
  ['server/src/telemetry', [], ['prom-client', 'pino', 'pino-pretty', 'node:*']],
  ['server/src/memory', [], ['node:*', 'koffi']],
  ['server/src/net', ['server/src/telemetry'], ['node:*']],
  [
    'server/src/receive',
    ['packages/model/src', 'packages/wire/src', 'server/src/net', 'server/src/telemetry', 'server/src/config'],
    ['node:*'],
  ],
  [
    'server/src/decode',
    [
      'packages/model/src',
      'packages/wire/src',
      'server/src/telemetry',
      'server/src/config',
      'server/src/receive/ingest.ts',
      'server/src/journal/entry.ts',
    ],
    ['node:*', 'zstddec'],
  ],
  ['server/src/process', ['packages/model/src', 'server/src/telemetry', 'server/src/config'], []],
  ['server/src/journal', [], ['node:*']],
  [
    'server/src/store',
    [
      'packages/model/src',
      'packages/traceql/src',
      'packages/contract/src',
      'packages/wire/src',
      'packages/analysis/src',
      'server/src/journal/entry.ts',
      'server/src/memory',
      'server/src/telemetry',
      'server/src/config',
    ],
    ['node:*', '@clickhouse/client', 'chdb', 'koffi'],
  ],
  [
    'server/src/query',
    [
      'packages/model/src',
      'packages/traceql/src',
      'packages/contract/src',
      'packages/analysis/src',
      'server/src/store/span-store.ts',
      'server/src/store/span-measure.ts',
      'server/src/store/span-order.ts',
      'server/src/telemetry',
      'server/src/config',
    ],
    ['node:*'],
  ],
  [
    'server/src/api',
    [
      'packages/model/src',
      'packages/wire/src',
      'packages/traceql/src',
      'packages/contract/src',
      'server/src/query',
      'server/src/store/span-store.ts',
      'server/src/net',
      'server/src/telemetry',
      'server/src/config',
    ],
    ['node:*', 'hono', '@hono/*', 'zod'],
  ],
  ['server/src/main.ts', ['packages', 'server/src'], ['*']],
  [
    'server/src/ingest-worker.ts',
    [
      'packages',
      'server/src/decode',
      'server/src/process',
      'server/src/store',
      'server/src/journal',
      'server/src/receive',
      'server/src/telemetry',
      'server/src/config',
    ],
    ['node:*'],
  ],
  [
    'cli/src',
    ['packages', 'server/src/main.ts', 'server/src/config'],
    ['node:*', 'commander', 'picocolors', '@opentelemetry/*'],
  ],
  [
    'ui/src',
    ['packages'],
    ['react', 'react-dom', 'react/*', 'react-dom/*', '@tanstack/*', '@fontsource-variable/*', '@codemirror/*'],
  ],
  ['testkit/src', ['packages', 'server/src'], ['*']],
];

/** Tests may also use the test tools and the testkit. */
const TEST_FOLDERS = ['packages', 'server/src', 'cli/src', 'ui/src', 'testkit/src', 'tools', 'bench', 'e2e'];
const FORBIDDEN_NAMES = /(^|\/)(utils?|helpers?|common|misc|shared|lib|core|managers?)(\/|\.[a-z]+$)/i;
const MAX_FILE_LINES = 800;

const here = dirname(fileURLToPath(import.meta.url));

/** @returns {string[]} problems found below `root`, empty when all is well */
export function checkImports(root, table = TABLE) {
  const files = listSources(root);
  const problems = [];
  const graph = new Map();
  const usedRules = new Set();
  for (const file of files) {
    const source = readFileSync(join(root, file), 'utf8');
    const isTest = /\.test\.tsx?$|\.suite\.ts$/.test(file) || file.includes('/test/');
    const rule = ruleFor(file, table);
    if (rule === undefined) {
      if (!/^(e2e|bench|tools)\//.test(file) && !file.endsWith('.config.ts') && !isTest)
        problems.push(`${file}: no rule in the import table covers this file`);
      continue;
    }
    usedRules.add(rule);
    const targets = [];
    for (const specifier of specifiersOf(source)) {
      const target = resolveImport(root, file, specifier);
      if (target === undefined) {
        if (!isTest && !mayUseModule(specifier, rule[2]))
          problems.push(`${file}: may not use the module '${specifier}' (allowed: ${rule[2].join(', ') || 'none'})`);
        continue;
      }
      if (target === '') {
        problems.push(`${file}: imports '${specifier}', which does not exist`);
        continue;
      }
      targets.push(target);
      const allowed = isTest ? [rule[0], ...TEST_FOLDERS] : [rule[0], ...rule[1]];
      if (!allowed.some((folder) => isBelow(target, folder)))
        problems.push(`${file}: may not import ${target} (allowed: ${rule[1].join(', ') || 'nothing else'})`);
    }
    graph.set(file, targets);
    if (!isTest) problems.push(...checkText(file, source));
  }
  for (const rule of table)
    if (!usedRules.has(rule)) problems.push(`import table: the rule for ${rule[0]} matches no file`);
  for (const ring of findRings(graph)) problems.push(`ring of imports: ${ring.join(' → ')}`);
  return problems;
}

function listSources(root) {
  const found = [];
  const visit = (path) => {
    for (const name of readdirSync(join(root, path)).sort()) {
      if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
      const child = path === '' ? name : `${path}/${name}`;
      if (statSync(join(root, child)).isDirectory()) visit(child);
      else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) found.push(child);
    }
  };
  for (const folder of ['packages', 'server', 'cli', 'ui', 'testkit', 'e2e', 'bench', 'tools'])
    if (existsSync(join(root, folder))) visit(folder);
  return found;
}

function ruleFor(file, table) {
  let best;
  for (const rule of table)
    if (isBelow(file, rule[0]) && (best === undefined || rule[0].length > best[0].length)) best = rule;
  return best;
}

function isBelow(file, folder) {
  return file === folder || file.startsWith(`${folder}/`);
}

/** Every module specifier: static, re-export, dynamic and type imports. */
export function specifiersOf(source) {
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    // Code shown to people, as on the set-up page, imports nothing.
    .replace(/(?<=code: )`(?:[^`\\]|\\[\s\S])*`/g, '``');
  const found = new Set();
  for (const pattern of [
    /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ]) {
    for (const match of code.matchAll(pattern)) found.add(match[1]);
  }
  return found;
}

/** The file an import means; undefined for an outside module, '' when there is none. */
function resolveImport(root, file, specifier) {
  const clean = specifier.replace(/\?.*$/, '');
  if (clean.startsWith('.')) {
    const path = relative(root, resolve(root, dirname(file), clean));
    return existsSync(join(root, path)) ? path : '';
  }
  const workspace = /^@clew\/([a-z-]+)(?:\/(.+))?$/.exec(clean);
  if (workspace === null) return undefined;
  const [, name, inner] = workspace;
  const folder = existsSync(join(root, 'packages', name)) ? `packages/${name}` : name;
  const path = `${folder}/src/${inner ?? 'index'}.ts`;
  return existsSync(join(root, path)) ? path : '';
}

function mayUseModule(specifier, allowed) {
  return allowed.some(
    (pattern) =>
      pattern === '*' || pattern === specifier || (pattern.endsWith('*') && specifier.startsWith(pattern.slice(0, -1))),
  );
}

function checkText(file, source) {
  const problems = [];
  if (FORBIDDEN_NAMES.test(file))
    problems.push(`${file}: name it for what it does, not utils, helpers, common, shared, lib, core or manager`);
  const lines = source.split('\n').length;
  if (lines > MAX_FILE_LINES) problems.push(`${file}: ${lines} lines (limit ${MAX_FILE_LINES}). Split it by subject.`);
  const inServer = file.startsWith('server/src/');
  if (inServer && !file.startsWith('server/src/config/') && /\bprocess\.env\b/.test(source))
    problems.push(`${file}: reads process.env; only server/src/config may`);
  if (
    !file.startsWith('server/src/store/') &&
    /['"`]\s*(SELECT\s[\s\S]{1,400}?\sFROM\s|INSERT\s+INTO\s|CREATE\s+TABLE|ALTER\s+TABLE)/.test(source) &&
    !/^(cli\/src\/demo|ui\/|testkit\/|bench\/|e2e\/)/.test(file)
  ) {
    problems.push(`${file}: contains SQL text; only server/src/store may`);
  }
  if (/new ClickHouseSpanStore\(/.test(source) && file !== 'server/src/store/open-store.ts')
    problems.push(`${file}: only server/src/store/open-store.ts makes a ClickHouseSpanStore`);
  return problems;
}

/** Strongly connected components with more than one file, or a file that imports itself. Iterative Tarjan. */
export function findRings(graph) {
  const index = new Map();
  const low = new Map();
  const onStack = new Set();
  const stack = [];
  const rings = [];
  let counter = 0;
  for (const start of graph.keys()) {
    if (index.has(start)) continue;
    const work = [[start, 0]];
    while (work.length > 0) {
      const frame = work[work.length - 1];
      const [node] = frame;
      if (frame[1] === 0) {
        index.set(node, counter);
        low.set(node, counter++);
        stack.push(node);
        onStack.add(node);
      }
      const targets = graph.get(node) ?? [];
      if (frame[1] < targets.length) {
        const target = targets[frame[1]++];
        if (!index.has(target)) {
          if (graph.has(target)) work.push([target, 0]);
        } else if (onStack.has(target)) low.set(node, Math.min(low.get(node), index.get(target)));
        continue;
      }
      work.pop();
      if (work.length > 0) {
        const parent = work[work.length - 1][0];
        low.set(parent, Math.min(low.get(parent), low.get(node)));
      }
      if (low.get(node) !== index.get(node)) continue;
      const ring = [];
      for (;;) {
        const member = stack.pop();
        onStack.delete(member);
        ring.push(member);
        if (member === node) break;
      }
      if (ring.length > 1 || targets.includes(node)) rings.push(ring.reverse());
    }
  }
  return rings;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkImports(join(here, '..'));
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'import rules: all files keep them' : `import rules: ${problems.length} broken`);
  process.exit(problems.length === 0 ? 0 : 1);
}
