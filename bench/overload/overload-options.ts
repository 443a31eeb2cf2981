import { parseArgs } from 'node:util';
import type { Transport } from '../load/load-messages.ts';
import { choiceOption } from '../options/choice-option.ts';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';

export interface OverloadOptions {
  readonly seconds: number;
  /** Offered load, in capacities. */
  readonly times: number;
  /** Spans/s to offer; undefined: `times` the capacity found. */
  readonly spansPerSecond: number | undefined;
  readonly capacitySpans: number;
  readonly transport: Transport;
  readonly batch: number;
  /** Of both tenants together. */
  readonly connections: number;
  /** Percent of the load, and of the connections, that are the small tenant's. */
  readonly smallShare: number;
  /** Journal limit of Clew in MiB; 0 keeps Clew's default. */
  readonly journalMib: number;
  readonly withBaseline: boolean;
  readonly seed: number;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

/** What Clew allows. */
const SMALLEST_JOURNAL_MIB = 16;

export const USAGE = `Usage: node bench/overload/run.mjs [options]     (or: npm run bench:overload -- [options])

More than can be taken. For Clew and for the baseline, one after another:
  1. capacity: as fast as four connections get their answers, until stored
  2. flood: so many times that (the baseline gets what Clew got), from many connections of two tenants, one of them modest; refused requests are not
     sent again. Memory of all processes is sampled all the while
  3. recovery: from the end of the flood until a request is accepted, and until everything accepted is stored
and checks that what was accepted is stored, once, for each tenant. Refusals must say when to try again.

  --seconds N         of the flood (default 60)
  --times N           offered load as a multiple of the capacity (default 3)
  --rate N            spans/s to offer, instead of --times
  --capacity-spans N  spans of phase 1 (default 150000)
  --transport WHICH   http or grpc (default http; the baseline has http only)
  --batch N           spans in a request (default 512)
  --connections N     of both tenants together (default 100)
  --small-share N     percent of load and connections that are the modest tenant's (default 10)
  --journal-mib N     Clew's journal limit, small enough to be reached within a minute; 0 for Clew's own (default 256)
  --no-baseline       leave the baseline out
  --seed N            of the generated traces (default 20261120)
  --clew-flags=TEXT   more flags for \`clew serve\`
  --json              raw result on stdout, tables on stderr
  --help`;

/** @throws Error that says which option is wrong. */
export function parseOverloadOptions(argv: readonly string[]): OverloadOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '60' },
      times: { type: 'string', default: '3' },
      rate: { type: 'string' },
      'capacity-spans': { type: 'string', default: '150000' },
      transport: { type: 'string', default: 'http' },
      batch: { type: 'string', default: '512' },
      connections: { type: 'string', default: '100' },
      'small-share': { type: 'string', default: '10' },
      'journal-mib': { type: 'string', default: '256' },
      'no-baseline': { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261120' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    seconds: integerOption('--seconds', values.seconds, 2, 3600),
    times: integerOption('--times', values.times, 1, 100),
    spansPerSecond: values.rate === undefined ? undefined : integerOption('--rate', values.rate, 1000, 100_000_000),
    capacitySpans: integerOption('--capacity-spans', values['capacity-spans'], 1000, 10_000_000),
    transport: choiceOption('--transport', values.transport, ['http', 'grpc']),
    batch: integerOption('--batch', values.batch, 1, 100_000),
    connections: integerOption('--connections', values.connections, 2, 2048),
    smallShare: integerOption('--small-share', values['small-share'], 1, 50),
    journalMib: journalMibOf(values['journal-mib']),
    withBaseline: !values['no-baseline'],
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}

function journalMibOf(text: string): number {
  return text === '0' ? 0 : integerOption('--journal-mib', text, SMALLEST_JOURNAL_MIB, 1_000_000);
}
