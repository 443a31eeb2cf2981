/** What the commands that talk to a running Clew take from the environment. Light: no schema, no YAML. */

export interface ClientEnvironment {
  /** CLEW_URL: where the API is. */
  readonly url: string | undefined;
  /** Whether NO_COLOR asks for plain text (no-color.org: present and not empty). */
  readonly noColor: boolean;
  /** Whether FORCE_COLOR asks for colours although the output is no terminal. */
  readonly forceColor: boolean;
  /** What people type before a command: `clew`, or what started us (CLEW_COMMAND, set by `npm start`). */
  readonly command: string;
}

export function readClientEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ClientEnvironment {
  const set = (name: string) => env[name] !== undefined && env[name] !== '';
  return {
    url: set('CLEW_URL') ? env.CLEW_URL : undefined,
    noColor: set('NO_COLOR') || env.TERM === 'dumb',
    forceColor: set('FORCE_COLOR') && env.FORCE_COLOR !== '0',
    command: set('CLEW_COMMAND') ? (env.CLEW_COMMAND ?? 'clew') : 'clew',
  };
}
