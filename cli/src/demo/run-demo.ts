import { CommandError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { counted, formatCount } from '../text/format-values.ts';
import { FAULT_NAMES, FAULTS, type FaultName } from './model/faults.ts';
import { ProgressLine } from './progress-line.ts';
import { defaultEndpoint, type Protocol } from './send/otlp-exporter.ts';
import { runShop } from './send/run-shop.ts';
import { waitForEndpoint } from './send/wait-for-endpoint.ts';

export interface DemoFlags {
  readonly protocol: Protocol;
  readonly endpoint?: string;
  /** Journeys a second. */
  readonly rate: number;
  /** Infinity runs until the signal. */
  readonly durationMs: number;
  readonly backfillMs: number;
  readonly seed: number;
  readonly faults: readonly FaultName[];
  /** How long to wait for an endpoint that does not answer. */
  readonly waitMs: number;
}

/** `clew demo --list`. */
export function listFaults(terminal: Terminal): void {
  const width = Math.max(...FAULT_NAMES.map((name) => name.length));
  for (const name of FAULT_NAMES) {
    terminal.out(`${terminal.colors.cyan(name.padEnd(width))}  ${FAULTS[name]}\n`);
  }
}

/** `clew demo`: runs the shop against an endpoint. @returns the exit code. */
export async function runDemo(terminal: Terminal, flags: DemoFlags, signal: AbortSignal): Promise<number> {
  const endpoint = flags.endpoint ?? defaultEndpoint(flags.protocol);
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new CommandError(`the endpoint "${endpoint}" is not an address (http:// or https://).`, EXIT_USAGE);
  }
  const { colors } = terminal;
  const isThere = await waitForEndpoint(
    endpoint,
    flags.waitMs,
    (reason) => {
      terminal.err(
        colors.yellow(
          `nothing answers at ${endpoint} (${reason}). Start Clew with \`npm start\` or \`clew serve\`, or name ` +
            `another --endpoint. Trying again every second.\n`,
        ),
      );
    },
    signal,
  );
  if (!isThere) {
    if (signal.aborted) return EXIT_OK;
    throw new CommandError(`gave up waiting for ${endpoint}. Nothing was sent.`);
  }
  const faults = flags.faults.length === 0 ? '' : `, with ${flags.faults.join(' and ')}`;
  terminal.err(`the shop sends ${formatCount(flags.rate)} journeys/s to ${endpoint} (${flags.protocol})${faults}\n`);
  const line = new ProgressLine(terminal, endpoint);
  const final = await runShop({
    protocol: flags.protocol,
    endpoint,
    rate: flags.rate,
    durationMs: flags.durationMs,
    backfillMs: flags.backfillMs,
    seed: flags.seed,
    faults: new Set(flags.faults),
    signal,
    onProgress: (progress) => line.show(progress),
  });
  line.close();
  const lost = final.emittedSpans - final.sentSpans;
  terminal.out(
    `${counted(final.journeys, 'journey')}, ${counted(final.sentSpans, 'span')} sent to ${endpoint}` +
      `${lost === 0 ? '' : `, ${formatCount(lost)} not taken${final.trouble === undefined ? '' : ` (${final.trouble})`}`}\n`,
  );
  return lost === 0 ? EXIT_OK : EXIT_FAILED;
}
