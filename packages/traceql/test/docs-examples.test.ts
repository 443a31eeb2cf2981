import { readFileSync } from 'node:fs';
import { parseQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { describe, expect, it } from 'vitest';

const PAGE = new URL('../../../docs/traceql.md', import.meta.url);
const EXAMPLES = [...readFileSync(PAGE, 'utf8').matchAll(/```traceql\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block.trim().split('\n'),
);

describe('the examples of docs/traceql.md', () => {
  it('are there', () => {
    expect(EXAMPLES.length).toBeGreaterThan(25);
  });

  it.each(EXAMPLES)('%s', (query) => {
    expect(() => parseQuery(query, { checkRegex })).not.toThrow();
  });
});
