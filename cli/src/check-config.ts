import { ConfigError } from '@clew/server/config/config-error';
import { type ConfigSources, type ResolvedConfig, resolveConfig } from '@clew/server/config/load-config';
import { printConfig } from '@clew/server/config/print-config';
import { CommandError, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import { counted } from './text/format-values.ts';

/**
 * The configuration, with warnings said on stderr.
 * @throws CommandError that lists every problem.
 */
export function loadCheckedConfig(terminal: Terminal, sources: ConfigSources): ResolvedConfig {
  const { bold, yellow } = terminal.colors;
  try {
    const resolved = resolveConfig(sources);
    for (const warning of resolved.warnings) terminal.err(`${yellow('warning')} ${warning}\n`);
    return resolved;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.problems.map(({ where, message }) => `  ${bold(where)}: ${message}`);
    throw new CommandError(
      `the configuration has ${counted(error.problems.length, 'mistake')}:\n${lines.join('\n')}`,
      EXIT_USAGE,
    );
  }
}

/** `clew config check`. @returns the exit code. */
export function checkConfig(terminal: Terminal, sources: ConfigSources): number {
  const { file } = loadCheckedConfig(terminal, sources);
  terminal.out(`the configuration is good (${file ?? 'no clew.yaml here: defaults, environment and flags'})\n`);
  return EXIT_OK;
}

/** `clew config print`. @returns the exit code. */
export function printEffectiveConfig(terminal: Terminal, sources: ConfigSources): number {
  terminal.out(printConfig(loadCheckedConfig(terminal, sources)));
  return EXIT_OK;
}
