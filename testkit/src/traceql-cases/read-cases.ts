/**
 * Queries with their results. A file has traces, a line `---`, and cases:
 *
 *     ## a heading
 *     in 0s..60s step 10s        (the searched range, and the step of metrics; holds until the next such line)
 *     { .a = 5 } | by(.b)
 *       = shop: [by(.b) = 1] cart pay
 *
 * The lines that begin with `=` are the result, in order: for each spanset the trace, its attributes, and its spans in
 * the order of the file, with what select() shows in parentheses; for each series its labels, and its points with `-`
 * where there is none. `= nothing` is an empty result.
 */
import type { TimeRange } from '@clew/traceql/evaluate';
import { readNanos } from './read-value.ts';
import { readWorld, WORLD_ORIGIN_UNIX_NANO, type World } from './read-world.ts';

export interface TraceqlCase {
  /** Where it stands: file and line. */
  readonly place: string;
  readonly heading: string;
  readonly query: string;
  /** Absent: everything. Metrics queries always have one. */
  readonly range?: TimeRange;
  /** Absent with metrics queries: an instant query. */
  readonly stepNano?: bigint;
  readonly expected: readonly string[];
}

export interface CaseFile {
  readonly name: string;
  readonly world: World;
  readonly cases: readonly TraceqlCase[];
}

/** @throws Error that names the line. */
export function readCaseFile(name: string, text: string): CaseFile {
  const lines = text.split('\n');
  const border = lines.indexOf('---');
  if (border < 0) throw new Error(`${name}: no line --- between traces and queries.`);
  const world = readWorld(lines.slice(0, border));
  const cases: (TraceqlCase & { expected: string[] })[] = [];
  let heading = '';
  let window: { range?: TimeRange; stepNano?: bigint } = {};
  for (const [index, line] of lines.entries()) {
    const content = line.trim();
    if (index <= border || content === '') continue;
    if (content.startsWith('##')) heading = content.slice(2).trim();
    else if (content.startsWith('in ')) window = readWindow(content);
    else if (!content.startsWith('= ')) {
      cases.push({ place: `${name}:${index + 1}`, heading, query: content, ...window, expected: [] });
    } else if (content !== '= nothing') cases.at(-1)?.expected.push(content.slice(2));
  }
  return { name, world, cases };
}

/** `in 0s..60s step 10s`, `in everything` */
function readWindow(line: string): { range?: TimeRange; stepNano?: bigint } {
  const [, from, to, step] = /^in (\S+?)\.\.(\S+)(?: step (\S+))?$/.exec(line) ?? [];
  if (from === undefined || to === undefined) return {};
  const range = {
    fromUnixNano: WORLD_ORIGIN_UNIX_NANO + readNanos(from),
    toUnixNano: WORLD_ORIGIN_UNIX_NANO + readNanos(to),
  };
  return step === undefined ? { range } : { range, stepNano: readNanos(step) };
}
