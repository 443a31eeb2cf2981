/** Clew beside others that take traces: the same bytes, the same machine, the same run. */
import { LoadProcess, templateCount } from '../load/load-process.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startBaselineTarget } from '../target/baseline-target.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { measureSubject, type SubjectFigures } from './measure-subject.ts';
import { PEER_KINDS } from './peer-kinds.ts';
import { type PeersOptions, parsePeersOptions, USAGE } from './peers-options.ts';
import { formatPeersReport } from './peers-report.ts';
import { type Subject, subjectOfPeer, subjectOfTarget } from './subject.ts';

export interface PeersResult {
  readonly machine: Machine;
  readonly options: PeersOptions;
  readonly bytesPerSpan: number;
  readonly subjects: readonly SubjectFigures[];
}

const BASELINE_NOTE =
  'the usual way, built in (see bench:ingest): acknowledges after an insert of many requests, without an fsync; asked in ' +
  'SQL on its own socket, and answers with rows that nobody has put together yet.';

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    { name: 'bench:peers', usage: USAGE, parse: parsePeersOptions, run: runPeers, format: formatPeersReport },
    given,
  );
}

async function runPeers(options: PeersOptions, context: BenchContext): Promise<PeersResult> {
  const { batch, seed, spans, connections, clewFlags } = options;
  const { buildDir, cleanUp } = context;
  const machine = readMachine();
  // Before anything else is started: a mistyped pid should not cost minutes.
  const peers = options.peers.map(subjectOfPeer);
  const templates = templateCount(spans, batch, connections);
  context.say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(buildDir, { seed, batch, templates }, cleanUp);
  // Ids that no peer has seen in a run before.
  const replay = { seed: Date.now() | 0, startUnixMs: Date.now() };
  const subjects: SubjectFigures[] = [];
  const measure = async (subject: Subject): Promise<void> => {
    const say = (text: string): void => context.say(`${subject.name}: ${text}`);
    try {
      subjects.push(await measureSubject(subject, generator, replay, options, say));
    } finally {
      await subject.stop();
    }
  };
  const clew = await startClewTarget({ buildDir, cleanUp, flags: clewFlags });
  await measure(subjectOfTarget(clew, PEER_KINDS.clew.notComparable));
  for (const peer of peers) await measure(peer);
  if (options.withBaseline) await measure(subjectOfTarget(await startBaselineTarget(context), BASELINE_NOTE));
  generator.stop();
  return { machine, options, bytesPerSpan: generator.bytesPerSpan, subjects };
}
