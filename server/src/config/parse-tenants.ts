/** Section `tenants` of clew.yaml: a mapping from tenant names to what each has of its own. */
import type { YAMLMap } from 'yaml';
import { type ConfigFileReading, type FileValue, keyText } from './config-file-node.ts';
import { tryNearestName } from './nearest-name.ts';
import { isTenantName, TENANT_RULE } from './tenant-name.ts';
import { TENANT_SETTINGS } from './tenant-settings.ts';

/** By tenant, then by path below it ("limits.spansPerSecond"). */
export type TenantFileValues = ReadonlyMap<string, ReadonlyMap<string, FileValue>>;

const PATHS = TENANT_SETTINGS.map(({ path }) => path);

/** Unknown keys and names that no tenant can have become problems. */
export function parseTenants(reading: ConfigFileReading, section: unknown): TenantFileValues {
  const tenants = new Map<string, ReadonlyMap<string, FileValue>>();
  for (const { key: nameNode, value } of reading.tryMap(section, 'tenants')?.items ?? []) {
    const tenant = keyText(nameNode);
    if (!isTenantName(tenant)) {
      reading.addProblem(nameNode, `tenants: "${tenant}" is not a tenant name (${TENANT_RULE}). Correct it.`);
      continue;
    }
    const values = new Map<string, FileValue>();
    const body = reading.tryMap(value, `tenants.${tenant}`);
    if (body !== undefined) readKeys(reading, body, `tenants.${tenant}`, '', values);
    tenants.set(tenant, values);
  }
  return tenants;
}

function readKeys(
  reading: ConfigFileReading,
  body: YAMLMap,
  owner: string,
  prefix: string,
  values: Map<string, FileValue>,
): void {
  for (const { key: keyNode, value } of body.items) {
    const path = `${prefix}${keyText(keyNode)}`;
    if (PATHS.some((known) => known.startsWith(`${path}.`))) {
      const inner = reading.tryMap(value, `${owner}.${path}`);
      if (inner !== undefined) readKeys(reading, inner, owner, `${path}.`, values);
    } else if (PATHS.includes(path)) {
      const found = reading.tryValue(keyNode, value, `${owner}.${path}`);
      if (found !== undefined) values.set(path, found);
    } else {
      reading.addProblem(keyNode, unknownKey(owner, prefix, path));
    }
  }
}

function unknownKey(owner: string, prefix: string, path: string): string {
  const key = path.slice(prefix.length);
  const elsewhere = PATHS.find((known) => known !== path && known.endsWith(`.${key}`));
  const nearest = elsewhere ?? tryNearestName(path, PATHS);
  if (nearest !== undefined) return `there is no setting "${owner}.${path}". Did you mean "${owner}.${nearest}"?`;
  const keys = PATHS.filter((known) => known.startsWith(prefix)).map((known) => known.slice(prefix.length));
  const offered = new Set(keys.map((known) => known.split('.')[0]));
  return `there is no setting "${owner}.${path}". ${owner}${prefix === '' ? '' : `.${prefix.slice(0, -1)}`} has ${[...offered].join(', ')}.`;
}
