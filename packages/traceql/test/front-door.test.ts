import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every file that a source file loads at run time, itself included. */
function loadedFrom(file: URL, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(file.pathname)) return seen;
  const source = readFileSync(file, 'utf8');
  seen.set(file.pathname, source);
  for (const [, kind, target = ''] of source.matchAll(/^(?:import|export)( type)?[^;]*? from '([^']+)';/gms)) {
    if (kind === undefined && target.startsWith('.')) loadedFrom(new URL(target, file), seen);
  }
  return seen;
}

const loads = (entry: string) =>
  [...loadedFrom(new URL(`../src/${entry}`, import.meta.url)).values()].some((source) =>
    source.includes("from 're2js'"),
  );

describe('the front door', () => {
  it('does not load the regex engine, which the browser does without', () => {
    expect(loads('index.ts')).toBe(false);
  });

  it('leaves it to the evaluator and the regex check', () => {
    expect(loads('evaluate.ts')).toBe(true);
    expect(loads('validate-regex.ts')).toBe(true);
  });
});
