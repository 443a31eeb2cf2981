/** The only reader of the environment: defaults < clew.yaml < environment < flags. */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { checkTenants } from './check-tenants.ts';
import { checkTogether } from './check-together.ts';
import type { Config, TenantLimits } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { FileValue } from './config-file-node.ts';
import { describeBadValue } from './describe-bad-value.ts';
import { tryNearestName } from './nearest-name.ts';
import { parseConfigFile } from './parse-config-file.ts';
import type { TenantFileValues } from './parse-tenants.ts';
import { NAMED_SETTINGS, type NamedSetting } from './settings.ts';
import { checkTlsFiles } from './tls-files.ts';

/** Larger files are refused: a configuration has a few hundred lines. */
const MAX_FILE_BYTES = 1 << 20;
const MEMORY_LIMIT = 'memory.limitBytes';
/** Relative ones begin where clew.yaml is when they stand in it, else in the current folder. */
const PATH_SETTINGS = [
  ['store', 'dataDir'],
  ['tls', 'cert'],
  ['tls', 'key'],
] as const;

export interface ConfigSources {
  /** Flag values by their names without dashes ("port", "otlp-grpc-port"), and `config` for the file. */
  readonly flags?: Readonly<Record<string, string | boolean | undefined>>;
  /** The process's own environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where clew.yaml is looked for and relative paths start. */
  readonly cwd?: string;
}

export interface ResolvedConfig {
  readonly config: Config;
  /** Where each value stands, by section.key: "default", "clew.yaml:4:9", "environment CLEW_DATA", "flag --port". */
  readonly origins: ReadonlyMap<string, string>;
  /** Things that are probably mistakes but stop nothing. */
  readonly warnings: readonly string[];
  /** The file that was read, absolute; undefined when there is none. */
  readonly file: string | undefined;
}

/**
 * Reads and validates the configuration.
 * @throws ConfigError with every problem found.
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  return resolveConfig(sources).config;
}

/**
 * Like loadConfig, with where each value came from.
 * @throws ConfigError with every problem found.
 */
export function resolveConfig(sources: ConfigSources = {}): ResolvedConfig {
  const cwd = sources.cwd ?? process.cwd();
  const env = sources.env ?? process.env;
  const flags = sources.flags ?? {};
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const file = loadFile(flags.config ?? env.CLEW_CONFIG, cwd, problems);
  const values: Record<string, Record<string, unknown>> = {};
  const origins = new Map<string, string>();

  checkFlagNames(flags, problems);
  for (const named of NAMED_SETTINGS) {
    const given = find(named, flags, env, file?.values, warnings);
    const { where, value } = given === undefined ? { where: 'default', value: named.setting.defaultValue } : given;
    origins.set(named.path, where);
    values[named.section] ??= {};
    if (given === undefined) {
      values[named.section][named.key] = value;
      continue;
    }
    const checked = named.setting.schema.safeParse(value);
    if (checked.success) values[named.section][named.key] = checked.data;
    else {
      const { defaultValue } = named.setting;
      const rule = checked.error.issues[0].message;
      problems.push({ where, message: describeBadValue(named.path, value, rule, defaultValue) });
    }
  }
  deriveFromMemory(values, origins);
  const limits = values.limits as unknown as TenantLimits;
  const tenants = checkTenants(file?.tenants ?? new Map(), limits, problems, origins);
  warnings.push(...unknownVariables(env));
  if (problems.length > 0) throw new ConfigError(problems);

  for (const [section, key] of PATH_SETTINGS) {
    const path = `${section}.${key}`;
    const value = values[section][key];
    const fromFile = file !== undefined && file.values.get(path)?.where === origins.get(path);
    if (typeof value === 'string') values[section][key] = resolve(fromFile ? dirname(file.path) : cwd, value);
  }
  for (const section of Object.values(values)) Object.freeze(section);
  // Every value has passed its setting's schema, whose type the table ties to Config's.
  const config = Object.freeze({ ...values, tenants }) as unknown as Config;
  const whereOf = (path: string): string => origins.get(path) ?? 'default';
  const together = [...checkTogether(config, whereOf), ...checkTlsFiles(config.tls, whereOf)];
  if (together.length > 0) throw new ConfigError(together);
  return { config, origins, warnings, file: file?.path };
}

function find(
  named: NamedSetting,
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
  file: ReadonlyMap<string, FileValue> | undefined,
  warnings: string[],
): FileValue | undefined {
  const flag = flags[named.flag];
  if (flag !== undefined) return { value: flag, where: `flag --${named.flag}` };
  for (const name of named.envs) {
    const value = env[name];
    if (value === undefined || value === '') continue; // set to nothing means not set, as Compose files do it
    if (name.endsWith('_PORT') && value.startsWith('tcp://')) {
      // Kubernetes puts SERVICE_PORT=tcp://… of every service into every pod: "clew-server" becomes CLEW_SERVER_PORT.
      warnings.push(`environment ${name} is "${value}", set by Kubernetes for a service of that name: ignored.`);
      continue;
    }
    return { value, where: `environment ${name}` };
  }
  return file?.get(named.path);
}

/** What nobody set and follows from the memory limit; when that is bad, its problem is told and nothing derived. */
function deriveFromMemory(values: Record<string, Record<string, unknown>>, origins: Map<string, string>): void {
  const { limitBytes } = values.memory;
  if (typeof limitBytes !== 'number') return;
  for (const { section, key, path, setting } of NAMED_SETTINGS) {
    if (setting.fromMemory === undefined || origins.get(path) !== 'default') continue;
    values[section][key] = setting.fromMemory(limitBytes);
    if (origins.get(MEMORY_LIMIT) !== 'default') origins.set(path, `from ${MEMORY_LIMIT}`);
  }
}

interface LoadedFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, FileValue>;
  readonly tenants: TenantFileValues;
}

function loadFile(asked: string | boolean | undefined, cwd: string, problems: ConfigProblem[]): LoadedFile | undefined {
  const isAsked = typeof asked === 'string' && asked !== '';
  const path = resolve(cwd, isAsked ? asked : 'clew.yaml');
  const name = isAsked ? asked : basename(path);
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) {
      problems.push({
        where: name,
        message: `the file has ${size} bytes (at most ${MAX_FILE_BYTES}). Is it a configuration?`,
      });
      return undefined;
    }
    const parsed = parseConfigFile(readFileSync(path, 'utf8'), name);
    problems.push(...parsed.problems);
    return { path, values: parsed.values, tenants: parsed.tenants };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!isAsked && code === 'ENOENT') return undefined;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? String(error)})`;
    problems.push({ where: name, message: `${reason}: ${path}. Correct --config or CLEW_CONFIG.` });
    return undefined;
  }
}

function checkFlagNames(flags: Readonly<Record<string, unknown>>, problems: ConfigProblem[]): void {
  const known = ['config', ...NAMED_SETTINGS.map((named) => named.flag)];
  for (const name of Object.keys(flags)) {
    if (known.includes(name)) continue;
    const nearest = tryNearestName(name, known);
    problems.push({
      where: `flag --${name}`,
      message: `there is no such flag.${nearest === undefined ? ' See --help.' : ` Did you mean --${nearest}?`}`,
    });
  }
}

/** Only a warning: a variable may belong to a wrapper. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = ['CLEW_CONFIG', 'CLEW_URL', ...NAMED_SETTINGS.flatMap((named) => named.envs)];
  const warnings: string[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('CLEW_') || known.includes(name)) continue;
    if (name.startsWith('CLEW_SERVICE_')) continue; // Kubernetes, for a service named "clew"
    const nearest = tryNearestName(name, known);
    if (nearest !== undefined) warnings.push(`environment ${name} means nothing. Did you mean ${nearest}?`);
  }
  return warnings;
}
