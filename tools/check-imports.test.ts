import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports, findRings } from './check-imports.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clew-imports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

type Rule = [string, string[], string[]];
const TABLE: Rule[] = [
  ['packages/model/src', [], []],
  ['server/src/store', ['packages/model/src'], ['node:*']],
];

describe('check-imports', () => {
  it('accepts what the table allows', () => {
    write('packages/model/src/index.ts', 'export const one = 1;\n');
    write(
      'server/src/store/reader.ts',
      "import { one } from '@clew/model';\nimport 'node:fs';\nexport const two = one;\n",
    );
    expect(checkImports(root, TABLE)).toEqual([]);
  });

  it('refuses an import against the direction of the data, a foreign module and a missing file', () => {
    write('server/src/store/reader.ts', 'export const two = 2;\n');
    write(
      'packages/model/src/index.ts',
      "import type { two } from '../../../server/src/store/reader.ts';\nimport { x } from 'left-pad';\nexport { y } from './gone.ts';\n",
    );
    const problems = checkImports(root, TABLE).join('\n');
    expect(problems).toContain('may not import server/src/store/reader.ts');
    expect(problems).toContain("may not use the module 'left-pad'");
    expect(problems).toContain("imports './gone.ts', which does not exist");
  });

  it('refuses a rule that guards nothing, a file without a rule, and forbidden names', () => {
    write('packages/model/src/utils.ts', 'export const a = 1;\n');
    write('server/src/elsewhere/x.ts', 'export const b = 1;\n');
    const problems = checkImports(root, TABLE).join('\n');
    expect(problems).toContain('the rule for server/src/store matches no file');
    expect(problems).toContain('no rule in the import table covers this file');
    expect(problems).toContain('name it for what it does');
  });

  it('refuses SQL outside the store and the environment outside config', () => {
    write('packages/model/src/index.ts', 'export const q = `SELECT a FROM b`;\n');
    write('server/src/store/reader.ts', 'export const ok = `SELECT a FROM b`;\nexport const bad = process.env.X;\n');
    const problems = checkImports(root, TABLE);
    expect(problems.filter((problem) => problem.includes('SQL'))).toEqual([
      'packages/model/src/index.ts: contains SQL text; only server/src/store may',
    ]);
    expect(problems.some((problem) => problem.includes('reads process.env'))).toBe(true);
  });

  it('finds rings, by type too', () => {
    write('packages/model/src/index.ts', "import type { b } from './b.ts';\nexport const a = 1;\n");
    write('packages/model/src/b.ts', "import { a } from './index.ts';\nexport const b = a;\n");
    write('server/src/store/reader.ts', 'export {};\n');
    expect(checkImports(root, TABLE).join('\n')).toMatch(/ring of imports: packages\/model\/src\/(b|index)\.ts → /);
  });

  it('finds a ring through a long chain without recursion', () => {
    const graph = new Map<string, string[]>();
    for (let i = 0; i < 50_000; i++) graph.set(`f${i}`, [`f${(i + 1) % 50_000}`]);
    expect(findRings(graph).map((ring) => ring.length)).toEqual([50_000]);
  });
});
