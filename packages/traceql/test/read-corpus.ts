import { readFileSync } from 'node:fs';

/** One entry of a corpus file. */
export interface CorpusEntry {
  readonly query: string;
  /** Where the error is, in files that list refused queries. */
  readonly from: number;
  readonly to: number;
  /** The canonical text of a valid query, where it differs. */
  readonly canonical: string | undefined;
  /** What message or hint must contain. */
  readonly expected: readonly string[];
}

/**
 * Reads a corpus file. A line is a query; `# …` and blank lines are comments. For the query above, a line that
 * begins with `  = ` is its canonical text, one that begins with `  > ` says what the error must contain. With `positions`, a line begins with `from-to` and two spaces.
 */
export function readCorpus(file: string, positions: boolean): CorpusEntry[] {
  const text = readFileSync(new URL(`../corpus/${file}.txt`, import.meta.url), 'utf8');
  const entries: { query: string; from: number; to: number; canonical: string | undefined; expected: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const last = entries.at(-1);
    if (line.startsWith('  = ') && last !== undefined) {
      last.canonical = line.slice(4);
      continue;
    }
    if (line.startsWith('  > ')) {
      last?.expected.push(line.slice(4));
      continue;
    }
    if (!positions) {
      entries.push({ query: line, from: 0, to: 0, canonical: undefined, expected: [] });
      continue;
    }
    const match = /^(\d+)-(\d+) {2}(.*)$/.exec(line);
    if (match === null) throw new Error(`corpus ${file}: no position in line ${line}`);
    entries.push({
      query: match[3] ?? '',
      from: Number(match[1]),
      to: Number(match[2]),
      canonical: undefined,
      expected: [],
    });
  }
  return entries;
}
