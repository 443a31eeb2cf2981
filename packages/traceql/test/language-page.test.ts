import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../src/index.ts';
import { INTRINSIC_SPELLINGS } from '../src/intrinsics.ts';

const PAGE = readFileSync(new URL('../LANGUAGE.md', import.meta.url), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/```traceql\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('the page about the language', () => {
  it('has examples', () => {
    expect(EXAMPLES.length).toBeGreaterThan(20);
  });

  it.each(EXAMPLES)('shows %s, which is a query', (example) => {
    expect(() => parseQuery(example)).not.toThrow();
  });

  it('names every intrinsic', () => {
    const missing = [...new Set(INTRINSIC_SPELLINGS.values())].filter(
      (intrinsic) => !PAGE.includes(`\`${intrinsic}\``),
    );
    expect(missing).toEqual([]);
  });
});
