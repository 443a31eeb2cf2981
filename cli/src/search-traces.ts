import type { FoundTrace, QueryPlan, Sampling, SearchAnswer, SearchStatistics } from '@clew/contract';
import type { ClewClient } from './api/clew-client.ts';
import { CommandError, EXIT_NOTHING_FOUND, EXIT_OK } from './exit-code.ts';
import { planText } from './query/plan-text.ts';
import { samplingText } from './query/sampling-text.ts';
import { spansetLines } from './query/spanset-lines.ts';
import type { Terminal } from './terminal.ts';
import { displayWidth, padded, printable, truncated } from './text/display-width.ts';
import { counted, formatCount, formatDurationNano, formatTimeNano } from './text/format-values.ts';
import { rowsReadText } from './text/rows-read-text.ts';

export interface SearchFlags {
  /** How far back. */
  readonly sinceMs: number;
  /** Traces wanted, 1 to MAX_TRACES; more than a page are loaded page by page. */
  readonly limit: number;
  readonly json: boolean;
  readonly cursor?: string;
  /** Below each trace the sets of spans found in it. */
  readonly sets?: boolean;
  /** How the first page was found. */
  readonly explain?: boolean;
}

/** What --all stops at, to keep a mistake from loading a day of traffic. */
export const MAX_TRACES = 10_000;
/** The API's MAX_SEARCH_LIMIT (packages/contract/src/routes.ts), whose module would load zod here. */
export const PAGE_TRACES = 1_000;

/** `clew query`: prints the newest traces that match. @returns the exit code. */
export async function searchTraces(
  terminal: Terminal,
  client: ClewClient,
  query: string,
  flags: SearchFlags,
  nowMs = Date.now(),
): Promise<number> {
  const answer = await loadPages(client, query, flags, nowMs);
  if (flags.json) {
    terminal.out(`${JSON.stringify(answer, undefined, terminal.isTty ? 2 : undefined)}\n`);
    return answer.traces.length === 0 ? EXIT_NOTHING_FOUND : EXIT_OK;
  }
  if (answer.traces.length > 0) terminal.out(tableOf(answer.traces, terminal, flags.sets === true));
  if (answer.plan !== undefined) terminal.out(planText(answer.plan, terminal));
  terminal.err(summaryOf(answer, terminal));
  return answer.traces.length === 0 ? EXIT_NOTHING_FOUND : EXIT_OK;
}

async function loadPages(client: ClewClient, query: string, flags: SearchFlags, nowMs: number): Promise<SearchAnswer> {
  const traces: FoundTrace[] = [];
  let cursor = flags.cursor;
  let plan: QueryPlan | undefined;
  const notes = new Set<string>();
  let statistics: SearchStatistics = { rowsRead: 0, bytesRead: 0, elapsedMs: 0, complete: true };
  for (;;) {
    const page = await client.getJson<SearchAnswer>(
      '/api/v1/search',
      {
        q: query,
        start: String(nowMs - flags.sinceMs),
        end: String(nowMs),
        limit: String(Math.min(PAGE_TRACES, flags.limit - traces.length)),
        ...(cursor === undefined ? {} : { cursor }),
        ...(flags.explain === true && traces.length === 0 ? { explain: 'true' } : {}),
      },
      query,
    );
    if (!Array.isArray(page.traces)) throw new CommandError('the answer has no traces. Is it Clew? Check --url.');
    traces.push(...page.traces);
    plan ??= page.plan;
    for (const note of page.notes ?? []) notes.add(note);
    statistics = added(statistics, page.statistics);
    if (page.cursor === cursor && cursor !== undefined) throw new CommandError('the server repeats its cursor.');
    cursor = page.cursor;
    if (cursor === undefined || traces.length >= flags.limit) {
      return {
        traces,
        ...(cursor === undefined ? {} : { cursor }),
        statistics,
        ...(notes.size === 0 ? {} : { notes: [...notes] }),
        ...(plan === undefined ? {} : { plan }),
      };
    }
  }
}

function added(sum: SearchStatistics, page: SearchStatistics): SearchStatistics {
  const sampling = addedSampling(sum.sampling, page.sampling);
  const incompleteReason = sum.incompleteReason ?? page.incompleteReason;
  const unknownReads = (sum.unknownReads ?? 0) + (page.unknownReads ?? 0);
  return {
    rowsRead: sum.rowsRead + page.rowsRead,
    bytesRead: sum.bytesRead + page.bytesRead,
    ...(unknownReads > 0 && { unknownReads }),
    elapsedMs: sum.elapsedMs + page.elapsedMs,
    complete: sum.complete && page.complete,
    ...(incompleteReason === undefined ? {} : { incompleteReason }),
    ...(sampling === undefined ? {} : { sampling }),
  };
}

function addedSampling(sum: Sampling | undefined, page: Sampling | undefined): Sampling | undefined {
  if (sum === undefined || page === undefined) return sum ?? page;
  return { spans: sum.spans + page.spans, sampled: sum.sampled + page.sampled, weight: sum.weight + page.weight };
}

function tableOf(traces: readonly FoundTrace[], terminal: Terminal, withSets: boolean): string {
  const { colors, columns } = terminal;
  const rows = traces.map((trace) => ({
    start: formatTimeNano(BigInt(trace.startTimeUnixNano)),
    duration: formatDurationNano(Number(trace.durationNano)),
    spans: formatCount(trace.spanCount),
    errors: trace.errorCount === 0 ? '' : formatCount(trace.errorCount),
    id: trace.traceId,
    root:
      trace.rootService === '' && trace.rootName === ''
        ? '(no root yet)'
        : printable(`${trace.rootService} ${trace.rootName}`),
  }));
  const width = (key: keyof (typeof rows)[number], title: string) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[key])), title.length);
  const widths = {
    start: width('start', 'START'),
    duration: width('duration', 'DURATION'),
    spans: width('spans', 'SPANS'),
    errors: width('errors', 'ERRORS'),
    id: 32,
  };
  const fixed = Object.values(widths).reduce((sum, cells) => sum + cells + 2, 0);
  const root = Math.max(10, columns - fixed);
  const lines = [
    colors.dim(
      `${padded('START', widths.start)}  ${padded('DURATION', widths.duration, 'left')}  ${padded('SPANS', widths.spans, 'left')}  ${padded('ERRORS', widths.errors, 'left')}  ${padded('TRACE', 32)}  ROOT`,
    ),
    ...rows.flatMap((row, at) => [
      [
        padded(row.start, widths.start),
        padded(row.duration, widths.duration, 'left'),
        padded(row.spans, widths.spans, 'left'),
        colors.red(padded(row.errors, widths.errors, 'left')),
        colors.cyan(row.id),
        Number.isFinite(root) ? truncated(row.root, root) : row.root,
      ].join('  '),
      ...(withSets ? spansetLines(traces[at], terminal) : []),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function summaryOf({ traces, cursor, statistics, plan, notes = [] }: SearchAnswer, { colors }: Terminal): string {
  const cost = `${rowsReadText(statistics)} read in ${Math.round(statistics.elapsedMs)} ms`;
  const lines: string[] = [];
  if (traces.length === 0) {
    lines.push(colors.dim(`no trace matches (${cost}). Look further back with --since 24h, or ask for less.`));
  } else lines.push(colors.dim(`${counted(traces.length, 'trace')}, ${cost}`));
  const { sampling } = statistics;
  if (sampling !== undefined && (sampling.sampled > 0 || (plan !== undefined && sampling.spans > 0))) {
    lines.push(colors.dim(samplingText(sampling)));
  }
  for (const note of notes) lines.push(colors.yellow(printable(note)));
  if (!statistics.complete) {
    lines.push(colors.yellow(`not complete: ${printable(statistics.incompleteReason ?? 'a limit cut the answer')}`));
  }
  if (cursor !== undefined) {
    const more = traces.length >= MAX_TRACES ? '' : 'a larger --limit, --all or ';
    lines.push(colors.dim(`there are more: ${more}--cursor ${printable(cursor)}`));
  }
  return `${lines.join('\n')}\n`;
}
