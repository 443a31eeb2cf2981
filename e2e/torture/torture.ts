/** Random load and random faults for as long as asked, then a verdict. See run.mjs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '@clew/testkit/random';
import { stopAll } from '../clew-process.ts';
import { Ledger } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { FAULTS, type Fault } from './fault-list.ts';
import { World } from './world.ts';

const USAGE = `Usage: node e2e/torture/run.mjs [options]     (or: npm run torture -- [options])

Starts Clew as users do, sends spans from many clients without a pause, and inflicts faults on it in random order: kills,
full disks, hung processes, broken journals, hostile clients. After every few faults each acknowledged span must be in the
store, exactly once. Prints the seed, what was inflicted and a verdict; exits with 0 only when nothing was lost or doubled.

  --minutes N    how long (default 5)
  --seed N       of the load and of the order of faults (default: by chance, printed)
  --only TEXT    only faults whose name contains this, for instance --only "disk full"
  --help

Faults:
${FAULTS.map(({ name }) => `  ${name}`).join('\n')}
`;
const MIB = 2 ** 20;
/** Faults between two looks at the ledger: each look has tenants of its own, so that answers stay small. */
const FAULTS_PER_ROUND = 6;

interface Totals {
  lostSpans: number;
  doubledSpans: number;
  acknowledgedSpans: number;
  acknowledged: number;
  unknown: number;
  retries: number;
  readonly problems: string[];
  readonly inflicted: Map<string, number>;
}

/** @returns the exit code: 0 when nothing was lost or doubled and nothing odd was seen. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const minutes = Number(values.minutes ?? 5);
  const faults = FAULTS.filter(({ name }) => name.includes(values.only ?? ''));
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  if (!(minutes > 0) || !Number.isInteger(seed) || faults.length === 0) {
    console.error(
      `torture: --minutes ${values.minutes ?? 5}, --seed ${values.seed ?? '(chance)'}, --only ${values.only ?? '(all)'}: one of them says nothing that can be run.\n\n${USAGE}`,
    );
    return 2;
  }
  console.log(`torture: ${minutes} minutes, seed ${seed}`);
  const totals: Totals = {
    lostSpans: 0,
    doubledSpans: 0,
    acknowledgedSpans: 0,
    acknowledged: 0,
    unknown: 0,
    retries: 0,
    problems: [],
    inflicted: new Map(),
  };
  const world = await World.create(new Random(seed));
  const deadlineMs = performance.now() + minutes * 60_000;
  const ledgers: Ledger[] = [];
  try {
    await world.start();
    for (let round = 0; performance.now() < deadlineMs; round++) {
      const ledger = new Ledger(seed + round);
      ledgers.push(ledger);
      await runRound(world, ledger, { round, faults, deadlineMs }, totals);
      await compare(world, ledger, totals, `round ${round}`);
    }
    // Once more all of it, after the merges and restarts since, and after a last restart.
    await world.end('SIGTERM');
    await world.start();
    for (const [round, ledger] of ledgers.entries()) await compare(world, ledger, totals, `round ${round} at the end`);
  } catch (error) {
    totals.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await stopLoads();
  } finally {
    await world.close();
    await stopAll();
  }
  return report(world, totals, seed);
}

interface Round {
  readonly round: number;
  readonly faults: readonly Fault[];
  readonly deadlineMs: number;
}

async function runRound(
  world: World,
  ledger: Ledger,
  { round, faults, deadlineMs }: Round,
  totals: Totals,
): Promise<void> {
  const { random } = world;
  const load = new Load({
    ledger,
    random: new Random(random.below(2 ** 31)),
    urls: () => world.urls,
    transports: ['http-protobuf', 'http-json', 'grpc'],
    tenants: [`round-${round}-a`, `round-${round}-b`],
    spans: random.pick([[1, 5] as const, [1, 60] as const, [50, 400] as const]),
    paddingBytes: random.pick([0, 200, 3_000]),
    senders: random.between(1, 8),
    malformedShare: 0.03,
    pauseMs: random.pick([0, 5, 50]),
  }).start();
  const readers = new AbortController();
  const reading = readMeanwhile(world, `round-${round}-a`, readers.signal);
  for (let i = 0; i < FAULTS_PER_ROUND && performance.now() < deadlineMs; i++) {
    await sleep(random.between(0, 3_000));
    const fault = pickFault(world, faults);
    totals.inflicted.set(fault.name, (totals.inflicted.get(fault.name) ?? 0) + 1);
    console.log(`${new Date().toISOString().slice(11, 19)} round ${round}: ${fault.name} (${load.accepted} accepted)`);
    await fault.inflict(world);
    await world.noteMemory();
  }
  await load.stop();
  readers.abort();
  await reading;
  totals.retries += load.retries;
  totals.problems.push(...load.oddities);
}

function pickFault(world: World, faults: readonly Fault[]): Fault {
  const possible = faults.filter(({ needsDisk }) => needsDisk !== true || world.disk !== undefined);
  let at = world.random.below(possible.reduce((sum, { weight }) => sum + weight, 0));
  for (const fault of possible) {
    at -= fault.weight;
    if (at < 0) return fault;
  }
  throw new Error('none of these faults can be had here');
}

/** Searches all the time: an engine that answers is an engine with work. */
async function readMeanwhile(world: World, tenant: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ui = world.urls?.ui;
    if (ui !== undefined) {
      await fetch(`${ui}/api/v1/search?q=${encodeURIComponent('{ span.n > 3 }')}&limit=20`, {
        headers: { 'x-scope-orgid': tenant },
        signal: AbortSignal.timeout(30_000),
      })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    }
    await sleep(100);
  }
}

async function compare(world: World, ledger: Ledger, totals: Totals, when: string): Promise<void> {
  const verdict = await ledger.check(world.clew.urls.ui);
  totals.lostSpans += verdict.lostSpans;
  totals.doubledSpans += verdict.doubledSpans;
  if (!when.endsWith('end')) {
    totals.acknowledgedSpans += verdict.acknowledgedSpans;
    totals.acknowledged += ledger.count('acknowledged');
    totals.unknown += ledger.count('unknown');
  }
  totals.problems.push(...verdict.faults.slice(0, 20).map((fault) => `${when}: ${fault}`));
  console.log(`${when}: ${verdict.faults.length === 0 ? 'OK' : `${verdict.faults.length} FAULTS`}`);
}

function report(world: World, totals: Totals, seed: number): number {
  console.log('');
  for (const [name, count] of totals.inflicted) console.log(`${String(count).padStart(5)} × ${name}`);
  console.log(`${totals.acknowledgedSpans} spans of ${totals.acknowledged} requests acknowledged`);
  console.log(`${totals.unknown} requests without an answer, ${totals.retries} refusals that were tried again`);
  console.log(`${world.starts} starts, the slowest took ${(world.slowestStartMs / 1000).toFixed(1)} s`);
  console.log(`main process at most ${Math.round(world.peakResidentBytes / MIB)} MiB resident (after a fault)`);
  for (const [message, count] of world.errors) {
    console.log(`${String(count).padStart(5)} × logged: ${message.split('\n')[0]}`);
    console.log(`        e.g. ${world.examples.get(message) ?? ''}`);
  }
  for (const problem of totals.problems) console.log(`PROBLEM ${problem}`);
  const good = totals.problems.length === 0 && totals.lostSpans === 0 && totals.doubledSpans === 0;
  const verdict = good
    ? 'OK'
    : `LOST ${totals.lostSpans}, DOUBLED ${totals.doubledSpans}, ${totals.problems.length} problems`;
  console.log(`\nverdict: ${verdict} (seed ${seed})`);
  return good ? 0 : 1;
}
