import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { MAX_SERVICES } from './service-limits.ts';

const NANO_PER_DAY = 86_400_000_000_000n;
/** The last day a ClickHouse Date can say. */
const LAST_DAY = 65_535n;

/** service.namespace of the services that have one, as of their newest day since a time. */
export async function loadNamespaces(
  runner: StatementRunner,
  tenant: string,
  sinceUnixNano: bigint,
): Promise<ReadonlyMap<string, string>> {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const day = sinceUnixNano / NANO_PER_DAY;
  const namespace = "attributes_string['service.namespace']";
  const conditions = [
    `day >= toDate(toUInt16(${parameters.uint64(day < LAST_DAY ? day : LAST_DAY)}))`,
    `${namespace} != ''`,
  ];
  const rows = await runner.rows<{ service: string; namespace: string }>(
    scope.statement(
      `SELECT service, argMax(${namespace}, (day, ${namespace})) AS namespace ${scope.from('resources', conditions)} ` +
        `GROUP BY service LIMIT ${parameters.uint64(MAX_SERVICES)}`,
    ),
    {},
    'namespaces of services',
  );
  return new Map(rows.map(({ service, namespace }) => [service, namespace]));
}
