import { mebibytes, milliseconds, quantiles, ratio, thousands } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { QuestionFigures, SideFigures } from './ask/ask-question.ts';
import type { QueryResult } from './query-bench.ts';

export function formatQueryReport(result: QueryResult): string {
  const { machine, options, dataSet, alone, whileIngesting, ingest, rssBytes } = result;
  const { bytes, parts, spans, traces } = dataSet;
  const lines = [
    formatMachine(machine),
    `data set  ${spans} spans in ${traces} traces over 24 hours, 40 services, seed ${dataSet.plan.seed}; both schemas in one ` +
      `engine, verified by count and checksum; built in ${dataSet.builtInSeconds} s`,
    `          Clew ${mebibytes(bytes.clew)} MiB in ${parts.clew} parts, baseline ${mebibytes(bytes.baseline)} MiB in ` +
      `${parts.baseline} parts (copies of a seed: compare sizes with bench/disk)`,
    `questions up to ${options.asks} asks each after two, every one with other values, one after another`,
  ];
  if (options.buildOnly) return lines.join('\n');
  lines.push(`memory    ${mebibytes(rssBytes)} MiB resident in all processes when all had been asked`);
  lines.push(...table('alone', alone));
  if (whileIngesting !== undefined && ingest !== undefined) {
    lines.push(
      ...table('while ingesting', whileIngesting),
      '',
      `ingesting ${thousands(ingest.spansPerSecond)} spans/s of ${thousands(ingest.capacitySpansPerSecond)} it takes; ` +
        `acknowledged after p50 / p90 / p99 / max ${quantiles(ingest.acknowledgeMs)} ms (tails: of the worst 5 seconds)`,
    );
  }
  lines.push('', ...verdict([...alone, ...(whileIngesting ?? [])]), '', ...NOT_SAID);
  return lines.join('\n');
}

const HEAD = [
  '',
  'p50 ms',
  'p95 ms',
  'baseline p50',
  'p95',
  'p50 ratio',
  'asks',
  'CPU ms',
  'theirs',
  'read MB',
  'theirs',
];

function table(title: string, figures: readonly QuestionFigures[]): string[] {
  const rows = figures.map(({ name, clew, baseline }) => [
    name,
    ms(clew?.ms.p50),
    ms(clew?.ms.p95),
    orLonger(baseline?.ms.p50, baseline),
    orLonger(baseline?.ms.p95, baseline),
    ratioOf(clew, baseline),
    clew === undefined ? '-' : String(clew.ms.asks),
    ms(clew?.cpuMs),
    ms(baseline?.cpuMs),
    megabytes(clew),
    megabytes(baseline),
  ]);
  const notes = figures.flatMap(({ name, notes: all }) => all.map((note) => `  ${name}: ${note}`));
  const [, ...head] = HEAD;
  return ['', ...textTable([[title, ...head], ...rows]), ...notes];
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : milliseconds(value);
}

/** Of a side whose asks were ended: `> 10 s`. */
function orLonger(value: number | undefined, side: SideFigures | undefined): string {
  const isCut = value !== undefined && side?.limitMs !== undefined && value >= side.limitMs;
  return isCut ? `> ${value / 1000} s` : ms(value);
}

/** Exported for its test. */
export function ratioOf(clew: SideFigures | undefined, baseline: SideFigures | undefined): string {
  if (clew === undefined || baseline === undefined) return '-';
  const isCut = baseline.limitMs !== undefined && baseline.ms.p50 >= baseline.limitMs;
  return `${isCut ? 'at least ' : ''}${ratio(baseline.ms.p50, clew.ms.p50)}`;
}

function megabytes(side: SideFigures | undefined): string {
  return side?.bytesRead === undefined ? '-' : (side.bytesRead / 1e6).toFixed(side.bytesRead < 1e7 ? 1 : 0);
}

function verdict(figures: readonly QuestionFigures[]): string[] {
  const compared = figures.reduce((sum, one) => sum + one.compared, 0);
  const different = figures.flatMap(({ name, different: all }) => all.map((text) => `  ${name}: ${text}`));
  if (compared === 0) return ['NOT compared with a baseline: no question was asked of both sides'];
  if (different.length === 0) return [`verified  ${compared} answers compared with the baseline's: all equal`];
  return [
    `NOT EQUAL ${different.length} of ${compared} answers differ from the baseline's:`,
    ...different.slice(0, 20),
  ];
}

const NOT_SAID = [
  'What this does not say:',
  '- The ratio is the baseline divided by Clew: above 1 Clew is faster. Clew is asked over HTTP and answers with services,',
  '  durations and matching spans of each trace; the baseline is bare SQL on the engine and answers with trace ids.',
  '- CPU is that of all processes during the asks: while ingesting it holds the ingest too.',
  '- Bytes read are uncompressed bytes as the engine counts them; for traces by id the API does not tell.',
  '- Spans are copies of a seed of 250,000 with other ids, times and user ids, so texts come again every few hundred MB.',
  '- Everything asked for has been read before or fits in the page cache: a cold disk is slower.',
];
