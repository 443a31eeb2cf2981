import { parseArgs } from 'node:util';
import type { Transport } from '../load/load-messages.ts';
import { choiceOption } from '../options/choice-option.ts';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';

export interface AckOptions {
  readonly transports: readonly Transport[];
  /** Length of the paced phase and of the phase of the single client. */
  readonly seconds: number;
  /** Spans that find out the capacity. */
  readonly capacitySpans: number;
  /** Spans/s of the paced phase; undefined: half of the capacity found. */
  readonly spansPerSecond: number | undefined;
  readonly batch: number;
  /** Connections of the paced phase. */
  readonly connections: number;
  /** Probes started in a second to see when they become visible. */
  readonly probesPerSecond: number;
  readonly withBaseline: boolean;
  readonly seed: number;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Usage: node bench/ack/run.mjs [options]     (or: npm run bench:ack -- [options])

How long senders wait. For Clew and for the baseline, one after another:
  1. capacity: as fast as four connections get their answers, until stored
  2. half load: requests at fixed times, acknowledgement counted from the time a request was due
  3. the same while probes are searched for: a span of its own is sent, and asked for until the API finds it
  4. one client: one request after another, as an SDK's batch processor sends
and checks that everything acknowledged is stored, once.

  --seconds N           of each phase from 2 on (default 20)
  --transport WHICH     http, grpc or both (default both; the baseline has http only)
  --capacity-spans N    spans of phase 1 (default 150000)
  --rate N              spans/s of phases 2 and 3 (default half of what phase 1 found)
  --batch N             spans in a request (default 512)
  --connections N       connections of phases 2 and 3 (default 32)
  --probes N            probes a second of phase 3, 0 leaves it out (default 5)
  --no-baseline         leave the baseline out
  --seed N              of the generated traces (default 20261120)
  --clew-flags=TEXT     more flags for \`clew serve\`
  --json                raw result on stdout, tables on stderr
  --help

Data directories are made in TMPDIR (see the file system in the first line of the report: an fsync on tmpfs is none).`;

/** @throws Error that says which option is wrong. */
export function parseAckOptions(argv: readonly string[]): AckOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '20' },
      transport: { type: 'string', default: 'both' },
      'capacity-spans': { type: 'string', default: '150000' },
      rate: { type: 'string' },
      batch: { type: 'string', default: '512' },
      connections: { type: 'string', default: '32' },
      probes: { type: 'string', default: '5' },
      'no-baseline': { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261120' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const which = choiceOption('--transport', values.transport, ['http', 'grpc', 'both']);
  return {
    transports: which === 'both' ? ['http', 'grpc'] : [which],
    seconds: integerOption('--seconds', values.seconds, 2, 3600),
    capacitySpans: integerOption('--capacity-spans', values['capacity-spans'], 1000, 10_000_000),
    spansPerSecond: values.rate === undefined ? undefined : integerOption('--rate', values.rate, 1, 10_000_000),
    batch: integerOption('--batch', values.batch, 1, 100_000),
    connections: integerOption('--connections', values.connections, 1, 512),
    probesPerSecond: integerOption('--probes', values.probes, 0, 100),
    withBaseline: !values['no-baseline'],
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}
