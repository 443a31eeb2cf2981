import type { MetricsAnswer } from '@clew/contract';
import type { ClewClient } from '../api/clew-client.ts';
import { CommandError, EXIT_NOTHING_FOUND, EXIT_OK } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text/display-width.ts';
import { counted } from '../text/format-values.ts';
import { rowsReadText } from '../text/rows-read-text.ts';
import { courseText, metricsTable } from './metrics-table.ts';
import { planText } from './plan-text.ts';
import { samplingText } from './sampling-text.ts';

export interface MetricsFlags {
  readonly sinceMs: number;
  /** Length of a bucket; undefined: as long as gives about BUCKETS of them. */
  readonly stepMs: number | undefined;
  readonly json: boolean;
  readonly explain: boolean;
}

const BUCKETS = 60;
const NICE_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Prints the series of a metrics query. @returns the exit code. */
export async function loadMetrics(
  terminal: Terminal,
  client: ClewClient,
  query: string,
  flags: MetricsFlags,
  nowMs = Date.now(),
): Promise<number> {
  const answer = await client.getJson<MetricsAnswer>(
    '/api/v1/metrics',
    {
      q: query,
      start: String(nowMs - flags.sinceMs),
      end: String(nowMs),
      step: `${(flags.stepMs ?? stepFor(flags.sinceMs)) / 1000}`,
      ...(flags.explain ? { explain: 'true' } : {}),
    },
    query,
  );
  if (!Array.isArray(answer.series)) throw new CommandError('the answer has no series. Is it Clew? Check --url.');
  const exitCode = answer.series.length === 0 ? EXIT_NOTHING_FOUND : EXIT_OK;
  if (flags.json) {
    terminal.out(`${JSON.stringify(answer, undefined, terminal.isTty ? 2 : undefined)}\n`);
    return exitCode;
  }
  if (answer.series.length > 0) terminal.out(metricsTable(answer, terminal));
  if (answer.plan !== undefined) terminal.out(planText(answer.plan, terminal));
  terminal.err(summaryOf(answer, terminal));
  return exitCode;
}

/** A round length that makes about BUCKETS buckets of the range. Milliseconds. */
export function stepFor(rangeMs: number): number {
  const wanted = rangeMs / 1000 / BUCKETS;
  const seconds = NICE_SECONDS.find((nice) => nice >= wanted) ?? Math.ceil(wanted / 86_400) * 86_400;
  return seconds * 1000;
}

function summaryOf(answer: MetricsAnswer, { colors }: Terminal): string {
  const { series, statistics, notes = [] } = answer;
  const { elapsedMs, sampling } = statistics;
  const cost = `${rowsReadText(statistics)} read in ${Math.round(elapsedMs)} ms`;
  const found =
    series.length === 0
      ? `no span matches (${cost}). Look further back with --since 24h, or ask for less.`
      : `${counted(series.length, 'series', 'series')}${sampling === undefined ? '' : ` of ${counted(sampling.spans, 'span')}`}, ${cost}`;
  const sampled = sampling !== undefined && sampling.sampled > 0 ? [samplingText(sampling)] : [];
  const course = series.length === 0 ? [] : [courseText(answer)];
  const lines = [
    colors.dim(found),
    ...course.map(colors.dim),
    ...sampled.map(colors.dim),
    ...notes.map((note) => colors.yellow(printable(note))),
  ];
  if (!statistics.complete) {
    lines.push(colors.yellow(`not complete: ${printable(statistics.incompleteReason ?? 'a limit cut the answer')}`));
  }
  return `${lines.join('\n')}\n`;
}
