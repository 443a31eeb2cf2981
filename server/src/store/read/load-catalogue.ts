/** Resources and scopes by the ids that spans name them by. */
import { TextColumn } from '../native/column.ts';
import { Int64Column } from '../native/int64-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';
import { TenantScope, type TenantTable } from '../sql/tenant-scope.ts';
import { ATTRIBUTE_MAP_COLUMNS, AttributeReader } from './attribute-reader.ts';
import type { ContentMemory, StoredResource, StoredScope } from './catalogue-memory.ts';
import type { StatementRunner } from './statement-runner.ts';

export type { StoredResource, StoredScope } from './catalogue-memory.ts';

/** By id, decimal. What has been dropped is absent. */
export function loadResources(
  runner: StatementRunner,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredResource>> {
  return loadContents(runner, tenant, ids, {
    table: 'resources',
    columns: [],
    memory: runner.catalogue.resources,
    reader: (block) => {
      const attributes = new AttributeReader(block, false);
      const dropped = block.column('dropped_attributes_count', NumberColumn);
      const schemaUrl = block.column('schema_url', TextColumn);
      return (row) => ({
        resource: { attributes: attributes.read(row), droppedAttributesCount: dropped.number(row) },
        schemaUrl: schemaUrl.text(row),
      });
    },
  });
}

/** By id, decimal. What has been dropped is absent. */
export function loadScopes(
  runner: StatementRunner,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredScope>> {
  return loadContents(runner, tenant, ids, {
    table: 'scopes',
    columns: ['name', 'version'],
    memory: runner.catalogue.scopes,
    reader: (block) => {
      const name = block.column('name', TextColumn);
      const version = block.column('version', TextColumn);
      const attributes = new AttributeReader(block, false);
      const dropped = block.column('dropped_attributes_count', NumberColumn);
      const schemaUrl = block.column('schema_url', TextColumn);
      return (row) => ({
        scope: {
          name: name.text(row),
          version: version.text(row),
          attributes: attributes.read(row),
          droppedAttributesCount: dropped.number(row),
        },
        schemaUrl: schemaUrl.text(row),
      });
    },
  });
}

interface Contents<T> {
  readonly table: TenantTable;
  /** Beside the id, the attributes, their count and the schema URL. */
  readonly columns: readonly string[];
  readonly memory: ContentMemory<T>;
  readonly reader: (block: NativeBlock) => (row: number) => T;
}

async function loadContents<T>(
  runner: StatementRunner,
  tenant: string,
  ids: readonly string[],
  { table, columns, memory, reader }: Contents<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  const unknown: string[] = [];
  for (const id of ids) {
    const known = memory.get(tenant, id);
    if (known === undefined) unknown.push(id);
    else found.set(id, known);
  }
  if (unknown.length === 0) return found;
  const scope = new TenantScope(tenant);
  const names = ['id', ...columns, ...ATTRIBUTE_MAP_COLUMNS, 'dropped_attributes_count', 'schema_url'];
  const condition = `id IN (SELECT arrayJoin(${scope.parameters.uint64s(unknown.map(BigInt))}))`;
  const statement = scope.statement(`SELECT ${names.join(', ')} ${scope.from(table, [condition])} LIMIT 1 BY id`);
  for await (const block of runner.blocks(statement, {}, table)) {
    const ids = block.column('id', Int64Column);
    const read = reader(block);
    for (let row = 0; row < block.rowCount; row++) {
      const id = ids.bigint(row).toString();
      const content = read(row);
      found.set(id, content);
      memory.set(tenant, id, content);
    }
  }
  return found;
}
