import { tryNearestName } from '@clew/server/config/nearest-name';
import { CommanderError } from 'commander';
import { CommandError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import { buildProgram, COMMANDS } from './program.ts';
import type { StopSignals } from './serve.ts';
import type { Terminal } from './terminal.ts';

export interface CliOptions {
  /** Without the program and script. */
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly version: string;
  readonly signals: StopSignals;
}

/** Commands that need no setting's flag, and so neither zod nor YAML. */
const LIGHT_COMMANDS: ReadonlySet<string | undefined> = new Set(['query', 'tail', 'trace', 'demo', '-V', '--version']);

/** Runs one command line. Never throws. @returns the exit code. */
export async function runCli({ argv, terminal, version, signals }: CliOptions): Promise<number> {
  const [first] = argv;
  if (first !== undefined && !first.startsWith('-') && !COMMANDS.includes(first)) {
    const nearest = tryNearestName(first, COMMANDS);
    terminal.err(
      `clew: there is no command "${first}".${nearest === undefined ? ' See clew --help.' : ` Did you mean "${nearest}"?`}\n`,
    );
    return EXIT_USAGE;
  }
  let exitCode: number = EXIT_OK;
  try {
    const settings = LIGHT_COMMANDS.has(first) ? [] : (await import('@clew/server/config/settings')).NAMED_SETTINGS;
    const onExitCode = (code: number) => {
      exitCode = code;
    };
    const program = buildProgram({ terminal, version, signals, settings, onExitCode });
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its message; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    const message = error instanceof Error ? error.message : String(error);
    terminal.err(`${terminal.colors.red('clew:')} ${message}\n`);
    return error instanceof CommandError ? error.exitCode : EXIT_FAILED;
  }
}
