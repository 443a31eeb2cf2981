/**
 * Pickers and completion: small tables of what exists, kept by the writer, to the day.
 *
 * Only the beginning of a range narrows them. What is imported late is filed under the day of its reception, so an
 * upper bound would hide it; a name too many does no harm in a list of suggestions.
 */
import type { AttributeScope } from '@clew/contract';
import type { TimeRange } from '../span-store.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import type { StatementRunner } from './statement-runner.ts';

const NANO_PER_DAY = 86_400_000_000_000n;
/** The last day a ClickHouse Date can say: in the year 2149. */
const LAST_DAY = 65_535n;
/** Names a list returns at most. */
const MAX_NAMES = 10_000;

/** Services with spans since the first day of the range, by name. */
export async function loadServices(
  runner: StatementRunner,
  tenant: string,
  range: TimeRange,
): Promise<readonly { readonly name: string; readonly lastSeenDay: string }[]> {
  const scope = new TenantScope(tenant);
  const source = scope.from('operations', [sinceFirstDay(range, scope)]);
  const rows = await runner.rows<{ service: string; lastDay: string }>(
    scope.statement(
      `SELECT service, toString(max(day)) AS lastDay ${source} GROUP BY service ORDER BY service LIMIT ${MAX_NAMES}`,
    ),
  );
  return rows.map(({ service, lastDay }) => ({ name: service, lastSeenDay: lastDay }));
}

/** Operations of a service since the first day of the range, by name, then kind. */
export async function loadOperations(
  runner: StatementRunner,
  tenant: string,
  service: string,
  range: TimeRange,
): Promise<readonly { readonly name: string; readonly kind: number }[]> {
  const scope = new TenantScope(tenant);
  const source = scope.from('operations', [
    `service = ${scope.parameters.string(service)}`,
    sinceFirstDay(range, scope),
  ]);
  return runner.rows<{ name: string; kind: number }>(
    scope.statement(`SELECT name, kind ${source} GROUP BY name, kind ORDER BY name, kind LIMIT ${MAX_NAMES}`),
  );
}

/** Attribute keys of every scope since the first day of the range: shortest first, then by name. */
export async function loadAttributeKeys(
  runner: StatementRunner,
  tenant: string,
  range: TimeRange,
  contains: string,
  limit: number,
): Promise<readonly { readonly scope: AttributeScope; readonly key: string; readonly types: readonly number[] }[]> {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const conditions = [sinceFirstDay(range, scope)];
  if (contains !== '') {
    conditions.push(`positionCaseInsensitiveUTF8(key, ${parameters.string(contains)}) > 0`);
  }
  return runner.rows<{ scope: AttributeScope; key: string; types: readonly number[] }>(
    scope.statement(
      `SELECT toString(scope) AS scope, key, arraySort(groupUniqArray(type)) AS types ` +
        `${scope.from('attribute_keys', conditions)} GROUP BY scope, key ` +
        `ORDER BY length(key), key, scope LIMIT ${parameters.uint64(Math.min(limit, MAX_NAMES))}`,
    ),
  );
}

/** Whether anything of the tenant is stored: the catalogue has a row for every kind of span. */
export async function hasSpans(runner: StatementRunner, tenant: string): Promise<boolean> {
  const scope = new TenantScope(tenant);
  const rows = await runner.rows<object>(scope.statement(`SELECT 1 AS found ${scope.from('trace_times')} LIMIT 1`));
  return rows.length > 0;
}

function sinceFirstDay({ fromUnixNano }: TimeRange, { parameters }: TenantScope): string {
  const day = fromUnixNano / NANO_PER_DAY;
  return `day >= toDate(toUInt16(${parameters.uint64(day < LAST_DAY ? day : LAST_DAY)}))`;
}
