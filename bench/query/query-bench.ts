/** How fast a large store answers, alone and while spans come in, beside the exporter's tables in the same engine. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@clew/testkit/random';
import { LoadProcess, templateCount } from '../load/load-process.ts';
import type { Quantiles } from '../load/quantiles.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { readTreeRssBytes } from '../target/process-tree.ts';
import type { Target } from '../target/target.ts';
import { type AskedSides, askQuestion, type QuestionFigures } from './ask/ask-question.ts';
import { type AskedValues, loadAskedValues } from './ask/asked-values.ts';
import { METRICS_QUESTIONS } from './ask/metrics-questions.ts';
import { PAGE_QUESTIONS } from './ask/page-questions.ts';
import type { QuestionKind } from './ask/question.ts';
import { SEARCH_QUESTIONS } from './ask/search-questions.ts';
import { TRACE_QUESTIONS } from './ask/trace-questions.ts';
import { type DataSet, openDataSet } from './data-set/data-set.ts';
import { makeLinkedCopy } from './data-set/linked-copy.ts';
import { IngestBeside } from './ingest-beside.ts';
import { parseQueryOptions, type QueryOptions, USAGE } from './query-options.ts';
import { formatQueryReport } from './query-report.ts';

export interface IngestFigures {
  readonly capacitySpansPerSecond: number;
  readonly spansPerSecond: number;
  readonly acknowledgedSpans: number;
  /** The worst of all stretches for p99 and max. */
  readonly acknowledgeMs: Quantiles | undefined;
}

export interface QueryResult {
  readonly machine: Machine;
  readonly options: QueryOptions;
  readonly dataSet: Omit<DataSet, 'sampleTraces'>;
  readonly alone: readonly QuestionFigures[];
  readonly whileIngesting: readonly QuestionFigures[] | undefined;
  readonly ingest: IngestFigures | undefined;
  readonly rssBytes: number;
}

const QUESTIONS: readonly QuestionKind[] = [
  ...TRACE_QUESTIONS,
  ...SEARCH_QUESTIONS,
  ...METRICS_QUESTIONS,
  ...PAGE_QUESTIONS,
];

/** Below the data set's folder, so that it is on the same file system. */
const COPY = 'while-ingesting';

/**
 * What is built stays as it is, however full the disk. Twice the usual memory, since the other schema's statements take
 * theirs in the same engine.
 */
const PROGRAM_FLAGS = ['--store-min-free-disk-bytes', '0', '--memory', '2GB'];

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    { name: 'bench:query', usage: USAGE, parse: parseQueryOptions, run: runQueries, format: formatQueryReport },
    given,
  );
}

async function runQueries(options: QueryOptions, context: BenchContext): Promise<QueryResult> {
  const machine = readMachine();
  const { buildDir, cleanUp, say } = context;
  const plan = { dir: options.dir, spans: options.spans, seed: options.seed };
  const dataSet = await openDataSet(plan, join(buildDir, 'program', 'engine.js'), say);
  const { sampleTraces: _, ...shownDataSet } = dataSet;
  const result = { machine, options, dataSet: shownDataSet };
  if (options.buildOnly) return { ...result, alone: [], whileIngesting: undefined, ingest: undefined, rssBytes: 0 };

  const programFor = (dataDir: string) =>
    startClewTarget({ buildDir, cleanUp, dataDir, flags: [...PROGRAM_FLAGS, ...options.clewFlags] });
  const dataDir = join(options.dir, 'data');
  const quiet = await programFor(dataDir);
  let alone: readonly QuestionFigures[];
  let rssBytes: number;
  try {
    const values = await loadAskedValues(quiet.client, dataSet, new Random(options.seed));
    alone = await askAll('alone', values, sidesOf(quiet), options, say);
    rssBytes = readTreeRssBytes(quiet.pid);
  } finally {
    await quiet.stop();
  }
  if (!options.withIngest) return { ...result, alone, whileIngesting: undefined, ingest: undefined, rssBytes };

  const copyDir = join(options.dir, COPY);
  rmSync(copyDir, { recursive: true, force: true });
  makeLinkedCopy(dataDir, copyDir);
  const busy = await programFor(copyDir);
  try {
    return { ...result, alone, ...(await askWhileIngesting(busy, dataSet, alone, options, context)) };
  } finally {
    await busy.stop();
    rmSync(copyDir, { recursive: true, force: true });
  }
}

async function askWhileIngesting(
  target: Target,
  dataSet: DataSet,
  alone: readonly QuestionFigures[],
  options: QueryOptions,
  { buildDir, cleanUp, say }: BenchContext,
): Promise<Pick<QueryResult, 'whileIngesting' | 'ingest' | 'rssBytes'>> {
  const values = await loadAskedValues(target.client, dataSet, new Random(options.seed));
  const setup = { seed: options.seed, batch: 2_048, templates: templateCount(200_000, 2_048, 4) };
  const generator = await LoadProcess.start(buildDir, setup, cleanUp);
  const beside = await IngestBeside.start(generator, target, say);
  // What took the baseline too long alone would only take the time of the others.
  const tooLong = alone.filter(({ baseline }) => baseline?.limitMs !== undefined).map(({ name }) => name);
  const whileIngesting = await askAll('while ingesting', values, sidesOf(target), options, say, tooLong);
  const ingest = await beside.stop();
  generator.stop();
  return { whileIngesting, ingest, rssBytes: readTreeRssBytes(target.pid) };
}

function sidesOf({ uiUrl, client, pid }: Target): AskedSides {
  if (uiUrl === undefined) throw new Error('the program has no API.');
  return { uiUrl, client, pid };
}

async function askAll(
  mode: string,
  values: AskedValues,
  sides: AskedSides,
  options: QueryOptions,
  say: (text: string) => void,
  withoutBaseline: readonly string[] = [],
): Promise<readonly QuestionFigures[]> {
  const figures: QuestionFigures[] = [];
  for (const kind of QUESTIONS) {
    if (options.only.length > 0 && !options.only.some((name) => kind.name.startsWith(name))) continue;
    const withBaseline = options.withBaseline && !withoutBaseline.includes(kind.name);
    const asked = await askQuestion(kind, values, sides, { ...options, withBaseline });
    figures.push(asked);
    const ms = (side: QuestionFigures['clew']): string => (side === undefined ? '-' : side.ms.p50.toFixed(0));
    say(`${mode}: ${kind.name}: p50 ${ms(asked.clew)} ms, baseline ${ms(asked.baseline)} ms ${asked.notes.join('; ')}`);
    for (const difference of asked.different.slice(0, 2)) say(`  DIFFERENT: ${difference}`);
  }
  return figures;
}
