/** Exit codes of every command; `clew --help` lists them. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
/** The command line, the query or the configuration is wrong. */
export const EXIT_USAGE = 2;
export const EXIT_NOTHING_FOUND = 3;

/** Ends a command with a message on stderr and an exit code. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_FAILED) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
