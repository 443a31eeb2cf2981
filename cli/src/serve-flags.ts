import { formatByteSize } from '@clew/server/config/byte-size';
import { formatDurationMs } from '@clew/server/config/duration';
import type { NamedSetting } from '@clew/server/config/settings';
import { type Command, Option } from 'commander';

const SECTION_TITLES: Readonly<Record<string, string>> = {
  server: 'UI and API:',
  otlp: 'OTLP:',
  store: 'Store:',
  journal: 'Journal:',
  ingest: 'Ingest:',
  writer: 'Writer:',
  memory: 'Memory:',
  limits: 'Limits of every tenant (those of one: clew.yaml, tenants):',
  log: 'Log:',
};

/** Adds --config and a flag for every setting, grouped by section, with its default and its environment variable. */
export function withConfigFlags(command: Command, settings: readonly NamedSetting[]): Command {
  command.addOption(
    new Option('--config <file>', 'configuration file (environment CLEW_CONFIG, default clew.yaml if there is one)'),
  );
  for (const { section, flag, envs, setting } of settings) {
    const fallback = setting.defaultValue === undefined ? '' : `default ${defaultText(setting)}, `;
    const takes =
      typeof setting.defaultValue === 'boolean'
        ? ''
        : ` <${setting.unit === 'ms' ? 'duration' : setting.unit === 'bytes' ? 'size' : 'value'}>`;
    const option = new Option(`--${flag}${takes}`, `${setting.about} (${fallback}${envs[0]})`);
    command.addOption(option.helpGroup(SECTION_TITLES[section] ?? `${section}:`));
  }
  return command;
}

/** The flags that were given, by their names without dashes, as loadConfig takes them. */
export function configFlagsOf(
  options: Readonly<Record<string, unknown>>,
  settings: readonly NamedSetting[],
): Record<string, string | boolean> {
  const flags: Record<string, string | boolean> = {};
  for (const name of ['config', ...settings.map((named) => named.flag)]) {
    const value = options[name.replaceAll(/-[a-z]/g, (pair) => pair[1].toUpperCase())];
    if (typeof value === 'string' || typeof value === 'boolean') flags[name] = value;
  }
  return flags;
}

function defaultText(setting: NamedSetting['setting']): string {
  const value = setting.defaultValue;
  if (setting.unit === 'bytes' && typeof value === 'number') return formatByteSize(value);
  if (setting.unit === 'ms' && typeof value === 'number') return formatDurationMs(value);
  return Array.isArray(value) ? 'none' : String(value);
}
