/**
 * Checks that what the documents say exists: relative links and `path/to/file.ts` mentions in Markdown, and
 * docs/… mentions in source comments; and that docs/dependencies.md names exactly the dependencies there are.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SKIPPED = new Set(['node_modules', 'dist', '.git', 'test-results', 'clew-data', '.cache']);
const ROOTS = /^(packages|server|cli|ui|testkit|e2e|bench|tools|docs|deploy|examples)\//;

function listFiles(root, pattern) {
  const found = [];
  const visit = (path) => {
    for (const name of readdirSync(join(root, path))) {
      if (SKIPPED.has(name)) continue;
      const child = path === '' ? name : `${path}/${name}`;
      if (statSync(join(root, child)).isDirectory()) visit(child);
      else if (pattern.test(name)) found.push(child);
    }
  };
  visit('');
  return found.sort();
}

/** @returns {string[]} problems found below `root` */
export function checkDocs(root) {
  const problems = [];
  for (const file of listFiles(root, /\.md$/)) {
    const text = readFileSync(join(root, file), 'utf8');
    const prose = text.replace(/```[\s\S]*?```/g, '');
    for (const [, target] of prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      if (!existsSync(join(root, dirname(file), target)))
        problems.push(`${file}: links to ${target}, which does not exist`);
    }
    for (const [, mention] of prose.matchAll(/`([^`\s]+)`/g)) {
      if (!ROOTS.test(mention) || /[*<>{}…]/.test(mention)) continue;
      const path = normalize(mention.replace(/:\d+$/, '')).replace(/\/$/, '');
      if (!existsSync(join(root, path))) problems.push(`${file}: names ${mention}, which does not exist`);
    }
  }
  for (const file of listFiles(root, /\.(ts|tsx|mjs)$/)) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, mention] of text.matchAll(
      /\b(docs\/(?:adr\/|internals\/|operating\/|benchmarks|dependencies)[\w-]*\.md)\b/g,
    )) {
      if (!existsSync(join(root, mention))) problems.push(`${file}: names ${mention}, which does not exist`);
    }
  }
  problems.push(...checkDependencies(root));
  return problems;
}

function checkDependencies(root) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const documented = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const named = new Set([...documented.matchAll(/^\|\s*`([^`]+)`/gm)].map(([, name]) => name));
  const used = Object.keys({ ...dependencies, ...devDependencies });
  return [
    ...used.filter((name) => !named.has(name)).map((name) => `docs/dependencies.md: does not say why ${name} is used`),
    ...[...named]
      .filter((name) => !used.includes(name))
      .map((name) => `docs/dependencies.md: names ${name}, which is not a dependency`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const problems = checkDocs(root);
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0
      ? 'docs: every path and dependency they name exists'
      : `docs: ${problems.length} problems in ${relative(process.cwd(), root) || '.'}`,
  );
  process.exit(problems.length === 0 ? 0 : 1);
}
