/** What is measured: a running program that takes OTLP, and the engine behind it. */
import type { StoreClient } from '../../server/src/store/client.ts';
import type { Transport } from '../load/load-messages.ts';
import type { QueryApi } from '../query/query-api.ts';

export interface Target {
  readonly name: string;
  /** Its processes are this one and all its descendants. */
  readonly pid: number;
  readonly urlOf: (transport: Transport) => string;
  /** http://host:port of the API and the UI; undefined where there is none. */
  readonly uiUrl: string | undefined;
  readonly client: StoreClient;
  /** With trace id and span id columns. */
  readonly spans: { readonly table: string; readonly traceId: string; readonly spanId: string };
  /** Column of that table that names the tenant; undefined where there are no tenants. */
  readonly tenantColumn: string | undefined;
  /** SQL condition for the tables of system.parts that hold what was sent. */
  readonly tablesCondition: string;
  /** Tables that can be merged to one part. */
  readonly mergeTables: readonly string[];
  readonly dataDir: string;
  readonly journalDir: string | undefined;
  /** Resolves when everything acknowledged is in the store, at the latest at `deadlineMs` (performance.now()). */
  readonly drained: (acknowledgedSpans: number, deadlineMs: number) => Promise<void>;
  readonly query: QueryApi;
  readonly stop: () => Promise<void>;
}
