/** PostgreSQL (database semantic conventions, stable). */
import type { OpenSpan } from './open-span.ts';

export interface Statement {
  /** Database: "catalog". */
  readonly namespace: string;
  readonly operation: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'BEGIN' | 'COMMIT' | 'ROLLBACK';
  readonly table?: string;
  readonly text: string;
  readonly medianMs: number;
  readonly rows?: number;
  readonly timeoutMs?: number;
}

const SCOPES: Readonly<Record<string, string>> = {
  catalog: 'io.opentelemetry.jdbc',
  orders: 'io.opentelemetry.jdbc',
  payments: 'io.opentelemetry.jdbc',
  inventory: 'go.nhat.io/otelsql',
  prices: 'go.nhat.io/otelsql',
  shipments: 'sqlx-tracing',
};

/** @returns false when the statement was cancelled for taking too long. */
export function query(caller: OpenSpan, statement: Statement): boolean {
  const { namespace, operation, table } = statement;
  const summary = table === undefined ? operation : `${operation} ${table}`;
  const span = caller.child({
    name: summary,
    kind: 'client',
    scope: SCOPES[namespace] ?? 'io.opentelemetry.jdbc',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': namespace,
      'db.operation.name': operation,
      'db.query.text': statement.text,
      'db.query.summary': summary,
      'server.address': `${namespace}-db.shop.internal`,
      'server.port': 5432,
    },
  });
  if (table !== undefined) span.set({ 'db.collection.name': table });
  const slowness = caller.has('slow-db') && namespace === 'inventory' ? 20 : 1;
  span.work(statement.medianMs * slowness, 0.55);
  const limitUs = (statement.timeoutMs ?? 5000) * 1000;
  const isCancelled = span.nowUs - span.span.startUs > limitUs;
  if (isCancelled) {
    span.nowUs = span.span.startUs + limitUs;
    span.set({ 'db.response.status_code': '57014' });
    span.fail({ type: '57014', message: 'ERROR: canceling statement due to statement timeout' });
  } else if (statement.rows !== undefined) {
    span.set({ 'db.response.returned_rows': statement.rows });
  }
  span.end();
  caller.nowUs = span.nowUs;
  return !isCancelled;
}
