/** The effective configuration as YAML that Clew would read back, each value with its origin as a comment. */
import { stringify } from 'yaml';
import { formatByteSize } from './byte-size.ts';
import { formatDurationMs } from './duration.ts';
import type { ResolvedConfig } from './load-config.ts';
import type { Setting } from './setting.ts';
import { NAMED_SETTINGS } from './settings.ts';
import { LIMIT_SETTINGS } from './tenant-settings.ts';

/** Pure. Passwords in addresses are hidden. */
export function printConfig(resolved: ResolvedConfig): string {
  const lines: string[] = [];
  const sections = resolved.config as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  let section = '';
  for (const { section: owner, key, path, setting } of NAMED_SETTINGS) {
    if (owner !== section) {
      lines.push(`${section === '' ? '' : '\n'}${owner}:`);
      section = owner;
    }
    const value = sections[owner][key];
    const origin = resolved.origins.get(path) ?? 'default';
    const line = value === undefined ? `# ${key}:` : `${key}: ${printed(value, setting.unit)}`;
    lines.push(`  ${line.padEnd(34)} # ${origin}`);
  }
  return `${[...lines, ...tenantLines(resolved)].join('\n')}\n`;
}

/** Only what a tenant has of its own. */
function tenantLines({ config, origins }: ResolvedConfig): readonly string[] {
  if (config.tenants.size === 0) return [];
  const lines = ['', 'tenants:'];
  for (const [tenant, { limits, retentionDays }] of config.tenants) {
    const values: Readonly<Record<string, unknown>> = { ...limits };
    const own: string[] = [];
    const add = (indent: string, key: string, value: unknown, origin: string, unit: 'bytes' | 'ms' | undefined) =>
      own.push(`${`${indent}${key}: ${printed(value, unit)}`.padEnd(36)} # ${origin}`);
    for (const [key, { unit }] of Object.entries<Setting<unknown>>(LIMIT_SETTINGS)) {
      const origin = origins.get(`tenants.${tenant}.limits.${key}`);
      if (origin === undefined) continue;
      if (own.length === 0) own.push('    limits:');
      add('      ', key, values[key], origin, unit);
    }
    const origin = origins.get(`tenants.${tenant}.retentionDays`);
    if (origin !== undefined) add('    ', 'retentionDays', retentionDays, origin, undefined);
    const name = stringify(tenant).trimEnd();
    lines.push(own.length === 0 ? `  ${name}: {}` : `  ${name}:`, ...own);
  }
  return lines;
}

function printed(value: unknown, unit: 'bytes' | 'ms' | undefined): string {
  if (typeof value === 'number' && unit === 'bytes') return formatByteSize(value);
  if (typeof value === 'number' && unit === 'ms') return formatDurationMs(value);
  if (Array.isArray(value)) return `[${value.map((entry) => JSON.stringify(entry)).join(', ')}]`;
  if (typeof value === 'string') {
    return stringify(value.split(',').map(withoutPassword).join(','), { lineWidth: 0 }).trimEnd();
  }
  return String(value);
}

const SECRET_NAME = /password|passwd|token|secret|key/i;

function withoutPassword(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  const secretNames = [...url.searchParams.keys()].filter((name) => SECRET_NAME.test(name));
  if (url.password === '' && secretNames.length === 0) return value;
  if (url.password !== '') url.password = '***';
  for (const name of secretNames) url.searchParams.set(name, '***');
  return url.href;
}
