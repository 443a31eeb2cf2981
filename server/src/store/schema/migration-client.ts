import type { StoreClient } from '../store-client.ts';
import type { MigrationClient } from './migrate.ts';

/** A client of the store as `migrate` uses it. The client's database need not exist. */
export function migrationClientOf(client: StoreClient): MigrationClient {
  return {
    command: (sql) => client.command(sql),
    selectJson: async (sql) => (await client.selectJson(sql)).rows,
  };
}
