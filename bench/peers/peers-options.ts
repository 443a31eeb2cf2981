import { parseArgs } from 'node:util';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';
import { PEER_KIND_NAMES, PEER_KINDS } from './peer-kinds.ts';
import { type PeerSpec, parsePeerSpec } from './peer-spec.ts';

export interface PeersOptions {
  readonly peers: readonly PeerSpec[];
  readonly withBaseline: boolean;
  readonly spans: number;
  readonly warmUpSpans: number;
  readonly batch: number;
  readonly connections: number;
  /** Times that each question is asked. */
  readonly asks: number;
  /** Longest wait for a peer to become idle. */
  readonly settleSeconds: number;
  readonly seed: number;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Usage: node bench/peers/run.mjs [--peer SPEC]... [options]     (or: npm run bench:peers -- ...)

Loads Clew, and peers that you have started, with the same bytes in turn, and prints side by side what a span costs,
what memory and disk they take, and how fast they answer. It builds and downloads nothing but Clew itself, from this
folder. Without --peer, Clew is compared with the baseline that is built in (see bench:ingest).

  --peer SPEC         NAME=otlp:URL,pid:N[,query:URL][,data:DIR][,kind:KIND]; may be repeated
                        NAME   a column's title; the kind, too, unless kind: says otherwise
                        otlp   where it takes OTLP: http://host:4318 or grpc://host:4317
                        pid    its process (see \`pgrep -f\`; for a container: docker inspect -f '{{.State.Pid}}' NAME);
                               several, such as the one of its database, joined with +
                        query  where it answers questions; without it none are asked
                        data   folder it writes to; without it no bytes a span
                        kind   ${PEER_KIND_NAMES.join(', ')}
  --baseline          measure the built-in baseline although there are peers
  --spans N           measured spans of each (default 300000)
  --warm-up N         spans sent before, not measured (default 30000)
  --batch N           spans in a request (default 512)
  --connections N     one request in flight on each (default 8)
  --asks N            times that each question is asked (default 20)
  --settle N          longest wait, in seconds, for a peer to become idle after the load (default 60)
  --seed N            of the generated traces (default 20261120)
  --clew-flags=TEXT   more flags for \`clew serve\`
  --json              raw result on stdout, tables on stderr
  --help

For example, with Jaeger and Tempo running:
  npm run bench:peers -- \\
    --peer jaeger=otlp:http://localhost:4318,query:http://localhost:16686,pid:4711,data:/var/lib/jaeger \\
    --peer tempo=otlp:grpc://localhost:5317,query:http://localhost:3200,pid:4712,data:/var/lib/tempo

How each should be configured:
${PEER_KIND_NAMES.map((name) => `  ${name.padEnd(15)} ${PEER_KINDS[name].configuration}`).join('\n')}

Peers that run idle beside take a little from everyone: start only those you compare. Peers keep what they were sent.
Linux only: CPU time and memory are read from /proc.`;

/** @throws Error that says which option is wrong. */
export function parsePeersOptions(argv: readonly string[]): PeersOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      peer: { type: 'string', multiple: true, default: [] },
      baseline: { type: 'boolean', default: false },
      spans: { type: 'string', default: '300000' },
      'warm-up': { type: 'string', default: '30000' },
      batch: { type: 'string', default: '512' },
      connections: { type: 'string', default: '8' },
      asks: { type: 'string', default: '20' },
      settle: { type: 'string', default: '60' },
      seed: { type: 'string', default: '20261120' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const peers = values.peer.map(parsePeerSpec);
  const names = ['Clew', 'baseline', ...peers.map(({ name }) => name)];
  const again = names.find((name, i) => names.indexOf(name) !== i);
  if (again !== undefined) throw new Error(`--peer ${again}: the name is taken. Give another, with kind: if need be.`);
  return {
    peers,
    withBaseline: values.baseline || peers.length === 0,
    spans: integerOption('--spans', values.spans, 1000, 1_500_000),
    warmUpSpans: integerOption('--warm-up', values['warm-up'], 0, 1_000_000),
    batch: integerOption('--batch', values.batch, 1, 100_000),
    connections: integerOption('--connections', values.connections, 1, 512),
    asks: integerOption('--asks', values.asks, 1, 1000),
    settleSeconds: integerOption('--settle', values.settle, 1, 3600),
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}
