/** The command line: names, flags, help. What a command does is loaded when it runs, so that each starts fast. */
import type { NamedSetting } from '@clew/server/config/settings';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type ClientFlags,
  clientFrom,
  parseCountFlag,
  parseDurationFlag,
  withClientFlags,
} from './api/client-flags.ts';
import { FAULT_NAMES, type FaultName, isFaultName } from './demo/model/faults.ts';
import { PROTOCOLS, type Protocol } from './demo/send/otlp-exporter.ts';
import type { StopSignals } from './serve.ts';
import { configFlagsOf, withConfigFlags } from './serve-flags.ts';
import type { Terminal } from './terminal.ts';

export interface ProgramOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly signals: StopSignals;
  /** Flags of serve and config; empty when neither runs. */
  readonly settings: readonly NamedSetting[];
  /** Takes the exit code of the command that ran. */
  readonly onExitCode: (exitCode: number) => void;
}

export const COMMANDS = ['serve', 'demo', 'query', 'tail', 'trace', 'config', 'help'];

const EXIT_CODES = `
Exit codes:
  0  done
  1  failed
  2  the command line, the query or the configuration is wrong
  3  nothing found
`;

export function buildProgram(options: ProgramOptions): Command {
  const program = new Command('clew')
    .description('Distributed tracing: every dialect in, one store, answers in a second.')
    .version(options.version, '-V, --version')
    .showHelpAfterError('Add --help to see what there is.')
    .configureOutput({ writeOut: options.terminal.out, writeErr: options.terminal.err })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  clew                                     run Clew here: UI on http://127.0.0.1:8317
  clew serve --demo                        the same with a shop that sends traces
  clew query '{ status = error }'          newest traces with an error
  clew tail '{ duration > 1s }'            slow traces as they come
  clew trace 4bf92f3577b34da6a3ce929d0e0e4736
${EXIT_CODES}`,
    );
  addServe(program, options);
  addDemo(program, options);
  addQuery(program, options);
  addTail(program, options);
  addTrace(program, options);
  addConfig(program, options);
  return program;
}

function addServe(program: Command, { terminal, version, settings, signals, onExitCode }: ProgramOptions): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('run Clew: receive, store, search and show traces (the default command)')
    .option('--demo', 'run the demo shop along')
    .option('--demo-rate <count>', 'journeys a second of the demo', parseCountFlag(1, 1000), 10)
    .addOption(durationOption('--demo-backfill <duration>', 'history the demo starts with', '10m'))
    .addOption(faultOption('--demo-fault <name>'));
  withConfigFlags(command, settings)
    .addHelpText(
      'after',
      `
Every setting can stand in clew.yaml (otlp.grpcPort), in the environment (CLEW_OTLP_GRPC_PORT) or here;
flags win over the environment, the environment over the file.

Examples:
  clew serve
  clew serve --demo --demo-fault slow-db
  clew serve --data /var/lib/clew --port 9000
  clew serve --clickhouse http://clew:secret@clickhouse:8123
  clew serve --host 0.0.0.0 --insecure     behind a proxy that signs people in
`,
    )
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const [{ serve }, { loadCheckedConfig }] = await Promise.all([import('./serve.ts'), import('./check-config.ts')]);
      const { config } = loadCheckedConfig(terminal, { flags: configFlagsOf(flags, settings) });
      const { startServer } = await import('@clew/server/main');
      const faults = flags.demoFault as FaultName[];
      const isDemo = flags.demo === true || faults.length > 0;
      const demo = { rate: flags.demoRate as number, backfillMs: flags.demoBackfill as number, faults };
      onExitCode(await serve(terminal, { config, version, demo: isDemo ? demo : undefined, startServer, signals }));
    });
}

interface DemoCommandFlags {
  readonly protocol: Protocol;
  readonly endpoint?: string;
  readonly rate: number;
  readonly duration?: number;
  readonly backfill: number;
  readonly seed: number;
  readonly fault: FaultName[];
  readonly wait: number;
  readonly list?: true;
}

function addDemo(program: Command, { terminal, signals, onExitCode }: ProgramOptions): void {
  program
    .command('demo')
    .description('send the traffic of a shop of fourteen services through the OpenTelemetry SDK')
    .addOption(new Option('--protocol <name>', 'OTLP protocol').choices(PROTOCOLS).default('grpc'))
    .option('--endpoint <address>', 'where to send (default http://127.0.0.1:4317, for HTTP :4318)')
    .option('--rate <count>', 'journeys (traces) a second', parseCountFlag(1, 10_000), 10)
    .option('--duration <duration>', 'stop after this long (default: run until Ctrl-C)', parseDurationFlag)
    .addOption(durationOption('--backfill <duration>', 'first spread traffic over this much of the past', '0s'))
    .option('--seed <number>', 'the same seed plans the same journeys', parseCountFlag(0, 2 ** 32 - 1), 1)
    .addOption(faultOption('--fault <name>'))
    .addOption(durationOption('--wait <duration>', 'how long to wait for an endpoint that does not answer', '60s'))
    .option('--list', 'list the faults and end')
    .addHelpText(
      'after',
      `
A fault is on for all live traffic, and for the last quarter of --backfill, so that charts show before and after.

Examples:
  clew demo
  clew demo --backfill 1h --duration 0s                an hour of history, then end
  clew demo --fault slow-db --fault payment-errors     two faults at once
  clew demo --protocol http/json --rate 100
  clew demo --list
`,
    )
    .action(async (flags: DemoCommandFlags) => {
      const { listFaults, runDemo } = await import('./demo/run-demo.ts');
      if (flags.list) {
        listFaults(terminal);
        return;
      }
      const stop = new AbortController();
      const removeHandler = signals.onStop(() => (stop.signal.aborted ? signals.exitNow() : stop.abort()));
      try {
        const { protocol, endpoint, rate, backfill, seed, fault, wait } = flags;
        const demo = { protocol, rate, backfillMs: backfill, seed, faults: fault, waitMs: wait };
        const durationMs = flags.duration ?? Number.POSITIVE_INFINITY;
        const target = endpoint === undefined ? {} : { endpoint };
        onExitCode(await runDemo(terminal, { ...demo, durationMs, ...target }, stop.signal));
      } finally {
        removeHandler();
      }
    });
}

interface QueryFlags extends ClientFlags {
  readonly since: number;
  readonly limit: number;
  readonly step?: number;
  readonly cursor?: string;
  readonly all?: true;
  readonly spans?: true;
  readonly explain?: true;
  readonly json?: true;
}

function addQuery(program: Command, { terminal, onExitCode }: ProgramOptions): void {
  const command = program
    .command('query')
    .description('answer a TraceQL query: newest traces, sets of their spans, or metrics')
    .argument('[traceql]', 'what to look for (default: all traces; on a terminal, a prompt with completion)')
    .addOption(durationOption('--since <duration>', 'how far back to look', '1h'))
    .option('--limit <count>', 'most traces to list', parseCountFlag(1, 10_000), 20)
    .option('--all', 'list all there are, 10,000 at most')
    .option('--cursor <cursor>', 'go on where an earlier answer ended')
    .option('--step <duration>', 'length of a bucket of metrics (default: about 60 buckets)', parseDurationFlag)
    .option('--spans', 'show the spans found in each trace, also of a query that is one filter')
    .option('--explain', 'say how the query was answered: each statement, and what it read')
    .option('--json', 'print one JSON document');
  withClientFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  clew query                                                    a prompt; in a pipe, the newest traces
  clew query '{ status = error }' --since 15m
  clew query '{ resource.service.name = "checkout" && duration > 1s }' --limit 100
  clew query '{ kind = server } | by(resource.service.name) | avg(duration) > 100ms'
  clew query '{ status = error } | rate() by(resource.service.name)' --since 6h --step 5m
  clew query '{ name = "charge card" } >> { status = error }' --explain
  clew query '{ span.http.response.status_code >= 500 }' --json | jq '.traces[].traceId'
`,
    )
    .action(async (traceql: string | undefined, flags: QueryFlags) => {
      const [{ MAX_TRACES }, { runQuery }] = await Promise.all([
        import('./search-traces.ts'),
        import('./query/run-query.ts'),
      ]);
      const client = clientFrom(flags);
      const run = {
        sinceMs: flags.since,
        limit: flags.all ? MAX_TRACES : flags.limit,
        stepMs: flags.step,
        spans: flags.spans === true,
        explain: flags.explain === true,
        json: flags.json === true,
        ...(flags.cursor === undefined ? {} : { cursor: flags.cursor }),
      };
      const { keyboard } = terminal;
      if (traceql !== undefined || keyboard === undefined || run.json || flags.all || run.cursor !== undefined) {
        onExitCode(await runQuery(terminal, client, traceql ?? '{ }', run));
        return;
      }
      const [{ promptQueries }, { HISTORY_FILE }] = await Promise.all([
        import('./query/query-prompt.ts'),
        import('./query/query-history.ts'),
      ]);
      onExitCode(await promptQueries(terminal, client, { keyboard, flags: run, historyFile: HISTORY_FILE }));
    });
}

interface TailCommandFlags extends ClientFlags {
  readonly rate: number;
  readonly count?: number;
  readonly json?: true;
}

function addTail(program: Command, { terminal, signals, onExitCode }: ProgramOptions): void {
  const command = program
    .command('tail')
    .description('follow the traces that match a TraceQL query, as they come')
    .argument('[traceql]', 'what to look for', '{ }')
    .option(
      '--rate <count>',
      'most traces to show in a second; how many more there were is said',
      parseCountFlag(1, 100),
      20,
    )
    .option('--count <count>', 'end after this many traces', parseCountFlag(1, 1_000_000))
    .option('--json', 'print one JSON document a line');
  withClientFlags(command)
    .addHelpText(
      'after',
      `
A trace is shown when it first matches, and again, marked ↻, when more of it matches, it gets an error, or its root
arrives. Ctrl-C ends with a summary. A connection that breaks is made again, and goes on where it was.

Examples:
  clew tail
  clew tail '{ status = error }'
  clew tail '{ resource.service.name = "checkout" } >> { duration > 500ms }'
  clew tail '{ span.user.id = "u-4711" }' --json | jq -r .traceId
`,
    )
    .action(async (traceql: string, flags: TailCommandFlags) => {
      const { followTraces } = await import('./tail/follow-traces.ts');
      const stop = new AbortController();
      const removeHandler = signals.onStop(() => (stop.signal.aborted ? signals.exitNow() : stop.abort()));
      try {
        const tail = { rate: flags.rate, count: flags.count, json: flags.json === true };
        onExitCode(await followTraces(terminal, clientFrom(flags), traceql, tail, stop.signal));
      } finally {
        removeHandler();
      }
    });
}

interface TraceCommandFlags extends ClientFlags {
  readonly errors?: true;
  readonly depth?: number;
  readonly maxRows: number;
  readonly json?: true;
}

function addTrace(program: Command, { terminal, onExitCode }: ProgramOptions): void {
  const command = program
    .command('trace')
    .description('show one trace as a waterfall')
    .argument('<traceId>', '1 to 32 hex digits')
    .option('--errors', 'only spans with errors and the way to them')
    .option('--depth <levels>', 'only this many levels of the tree', parseCountFlag(1, 1_000_000))
    .option('--max-rows <count>', 'most spans to print', parseCountFlag(1, 1_000_000), 500)
    .option('--json', 'print OTLP JSON, whole');
  withClientFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  clew trace 4bf92f3577b34da6a3ce929d0e0e4736
  clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --errors
  clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --depth 3 --max-rows 100
  clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --json > trace.json
`,
    )
    .action(async (traceId: string, flags: TraceCommandFlags) => {
      const { showTrace } = await import('./show-trace.ts');
      const exitCode = await showTrace(terminal, clientFrom(flags), traceId, {
        maxDepth: flags.depth ?? Number.POSITIVE_INFINITY,
        maxRows: flags.maxRows,
        onlyErrors: flags.errors === true,
        json: flags.json === true,
      });
      onExitCode(exitCode);
    });
}

function addConfig(program: Command, { terminal, settings, onExitCode }: ProgramOptions): void {
  const config = program.command('config').description('check or print the configuration');
  withConfigFlags(config.command('check'), settings)
    .description('say whether the configuration is good, and every mistake with its place and its fix')
    .addHelpText('after', '\nExamples:\n  clew config check\n  clew config check --config /etc/clew/clew.yaml\n')
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { checkConfig } = await import('./check-config.ts');
      onExitCode(checkConfig(terminal, { flags: configFlagsOf(flags, settings) }));
    });
  withConfigFlags(config.command('print'), settings)
    .description('print the effective configuration as YAML, each value with where it comes from')
    .addHelpText('after', '\nExamples:\n  clew config print\n  CLEW_SERVER_PORT=9000 clew config print > clew.yaml\n')
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { printEffectiveConfig } = await import('./check-config.ts');
      onExitCode(printEffectiveConfig(terminal, { flags: configFlagsOf(flags, settings) }));
    });
}

function durationOption(flags: string, about: string, byDefault: string): Option {
  return new Option(flags, about).argParser(parseDurationFlag).default(parseDurationFlag(byDefault), byDefault);
}

/** Can be given several times, and takes names with commas between. */
function faultOption(flags: string): Option {
  const parse = (text: string, before: FaultName[]): FaultName[] => {
    const names = text.split(',').map((name) => name.trim());
    for (const name of names) {
      if (!isFaultName(name)) throw new InvalidArgumentError(`The faults are ${FAULT_NAMES.join(', ')}.`);
    }
    return [...before, ...names.filter(isFaultName)];
  };
  return new Option(flags, 'a fault of the shop, several times for several (see clew demo --list)')
    .argParser(parse)
    .default([], 'none');
}
