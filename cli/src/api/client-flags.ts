import { readClientEnvironment } from '@clew/server/config/client-environment';
import { tryParseDurationMs } from '@clew/server/config/duration';
import { type Command, InvalidArgumentError } from 'commander';
import { ClewClient } from './clew-client.ts';

const DEFAULT_URL = 'http://127.0.0.1:8317';
const DEFAULT_TIMEOUT_MS = 60_000;

export interface ClientFlags {
  readonly url?: string;
  readonly tenant?: string;
  readonly timeout?: number;
}

/** Adds the flags of every command that talks to a running Clew. */
export function withClientFlags(command: Command): Command {
  return command
    .option('--url <address>', `where Clew answers (environment CLEW_URL, default ${DEFAULT_URL})`)
    .option('--tenant <name>', 'tenant to ask for (header X-Scope-OrgID)')
    .option('--timeout <duration>', 'give up after this long, such as 30s (default 60s)', parseDurationFlag);
}

export function clientFrom(flags: ClientFlags): ClewClient {
  return new ClewClient({
    url: flags.url ?? readClientEnvironment().url ?? DEFAULT_URL,
    timeoutMs: flags.timeout ?? DEFAULT_TIMEOUT_MS,
    ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
  });
}

/** @throws InvalidArgumentError, which commander reports with the flag's name. */
export function parseDurationFlag(text: string): number {
  const ms = tryParseDurationMs(text);
  // A number without a unit is milliseconds in the configuration; on the command line it would be a trap.
  if (ms === undefined || (/^\s*\d+\s*$/.test(text) && ms !== 0)) {
    throw new InvalidArgumentError('A duration has a unit: 90s, 15m, 1h30m, 7d.');
  }
  return ms;
}

/** For commander: whole numbers with named bounds. */
export function parseCountFlag(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}
