import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations.ts';

/** What migrating needs of a ClickHouse client. Statements name the database, which need not exist beforehand. */
export interface MigrationClient {
  command(sql: string): Promise<unknown>;
  selectJson(sql: string): Promise<readonly unknown[]>;
}

export interface MigrateOptions {
  /** Default `clew`. Letters, digits and underscores. */
  readonly database?: string;
  /** Default: all of ours. */
  readonly migrations?: readonly Migration[];
  /** Makes a statement one for this server. The checksums are of the statements before. Default: as they are. */
  readonly rewrite?: (statement: string) => string;
  /** Told how far it is with a database that is not new, several times a second while stored spans are rewritten. */
  readonly onProgress?: (progress: MigrateProgress) => void;
}

/** A step that is under way. */
export interface MigrateProgress {
  readonly version: number;
  readonly name: string;
  /** The version it will be in the end. */
  readonly newest: number;
  /** Where the step rewrites stored spans. */
  readonly rewriting?: RewriteProgress;
}

export interface RewriteProgress {
  /** All that are stored. */
  readonly spans: number;
  readonly left: number;
  /** Why the engine could not go on when it last tried, in its words; it tries again. */
  readonly failure?: string;
}

export interface MigrateResult {
  /** Version of the schema before; 0 for an empty database. */
  readonly from: number;
  readonly to: number;
}

export type SchemaErrorCode = 'schema-newer' | 'schema-changed' | 'schema-database-name';

/** The schema in the database is not one this program can work with. Not to be retried. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly code: SchemaErrorCode;

  constructor(code: SchemaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const DEFAULT_DATABASE = 'clew';

const MAX_ATTEMPTS = 4;
const ATTEMPT_PAUSE_MS = 250;
/** How often a rewrite is looked at, and how often in turn it may be found failing: the engine tries again by itself. */
const REWRITE_PAUSE_MS = 250;
const MAX_FAILED_LOOKS = 40;

/**
 * Brings the schema up to date: creates the database, then applies the steps not yet recorded in its
 * `schema_migrations` table, in order. Safe to run again, after a crash in the middle, and by several programs at once:
 * every statement is repeatable, and a step is recorded only after all its statements.
 * Throws SchemaError when the schema is newer than this program or a recorded step differs from ours; the client's
 * error when a statement fails.
 */
export async function migrate(client: MigrationClient, options: MigrateOptions = {}): Promise<MigrateResult> {
  return applyPlan(client, await planMigration(client, options), options);
}

/** What `migrate` does once it has its plan. `options` are those that it was made with. */
export async function applyPlan(
  client: MigrationClient,
  { from, to, pending }: MigrationPlan,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const { database = DEFAULT_DATABASE } = options;
  for (const migration of pending) {
    const { version, name } = migration;
    const report = (rewriting?: RewriteProgress): void => {
      if (from > 0) options.onProgress?.({ version, name, newest: to, ...(rewriting && { rewriting }) });
    };
    report();
    await apply(client, migration, database, options.rewrite, report);
  }
  return { from, to };
}

export interface MigrationPlan extends MigrateResult {
  /** Oldest first. */
  readonly pending: readonly Migration[];
  /** Whether spans that are stored have to be rewritten. */
  readonly rewrites: boolean;
}

/** What `migrate` would do. Creates the database where there is none. Throws as `migrate` does. */
export async function planMigration(client: MigrationClient, options: MigrateOptions = {}): Promise<MigrationPlan> {
  const { database = DEFAULT_DATABASE, migrations = MIGRATIONS } = options;
  checkDatabaseName(database);
  await client.command(`CREATE DATABASE IF NOT EXISTS ${database}`);
  await client.command(`CREATE TABLE IF NOT EXISTS ${database}.schema_migrations
(
    version UInt32,
    name String,
    checksum String,
    applied_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`);
  const applied = await appliedMigrations(client, database);
  checkApplied(applied, migrations, database);
  const from = Math.max(0, ...applied.keys());
  const pending = migrations.filter(({ version }) => !applied.has(version));
  return {
    from,
    to: Math.max(0, ...migrations.map(({ version }) => version)),
    pending,
    rewrites: from > 0 && pending.some(({ rewrites }) => rewrites === true),
  };
}

/** Another program at the same step makes statements of ours fail: it may just have dropped what ours names. */
async function apply(
  client: MigrationClient,
  migration: Migration,
  database: string,
  rewrite: MigrateOptions['rewrite'],
  report: (rewriting: RewriteProgress) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if ((await appliedMigrations(client, database)).has(migration.version)) return;
    try {
      for (const statement of migration.statements) {
        const sql = (rewrite?.(statement) ?? statement).replaceAll('{database}', database);
        if (migration.rewrites !== true) {
          await client.command(sql);
          continue;
        }
        const look = (): Promise<RewriteState> => lookAtRewrite(client, database, report);
        if (!(await isBegun(client, database, sql))) await lookingOn(client.command(withoutWaiting(sql)), look);
        await rewritten(look);
      }
      await client.command(
        `INSERT INTO ${database}.schema_migrations (version, name, checksum) VALUES ` +
          `(${migration.version}, '${migration.name}', '${checksum(migration)}')`,
      );
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await sleep((attempt + Math.random()) * ATTEMPT_PAUSE_MS);
    }
  }
}

/** The column and the function that make its values: as much of the command as the engine writes like we do. */
const UPDATE = /\bUPDATE \w+ = \w+/;

/** An embedded engine would wait for its end, and give the statement up after a minute. */
function withoutWaiting(sql: string): string {
  return UPDATE.test(sql) ? `${sql}\n    SETTINGS mutations_sync = 0` : sql;
}

/** Whether an `UPDATE` is on record, done or not: it goes on by itself after a crash. */
async function isBegun(client: MigrationClient, database: string, sql: string): Promise<boolean> {
  const update = UPDATE.exec(sql)?.[0];
  if (update === undefined) return false;
  const rows = await client.selectJson(
    `SELECT 1 AS begun FROM system.mutations WHERE ${mutationsOf(database)} AND position(command, '${update}') > 0 LIMIT 1`,
  );
  return rows.length > 0;
}

function mutationsOf(database: string): string {
  return `database = '${database}' AND table = 'spans'`;
}

interface RewriteState {
  readonly isDone: boolean;
  /** Why a mutation failed when it was last tried; '' where none did. */
  readonly failure: string;
}

async function lookAtRewrite(
  client: MigrationClient,
  database: string,
  report: (rewriting: RewriteProgress) => void,
): Promise<RewriteState> {
  const parts = `FROM system.parts WHERE ${mutationsOf(database)} AND active`;
  const unfinished = `FROM system.mutations WHERE ${mutationsOf(database)} AND NOT is_done`;
  const [row] = await client.selectJson(
    `SELECT toString(count()) AS unfinished, anyIf(latest_fail_reason, latest_fail_reason != '') AS failure,
       toString((SELECT sum(rows) ${parts})) AS spans,
       toString((SELECT sum(rows) ${parts} AND name IN (SELECT arrayJoin(parts_to_do_names) ${unfinished}))) AS waiting,
       toString((SELECT sum(rows_read) FROM system.merges WHERE ${mutationsOf(database)} AND is_mutation)) AS read
     ${unfinished}`,
  );
  const { failure, ...counts } = row as Record<'unfinished' | 'failure' | 'spans' | 'waiting' | 'read', string>;
  const isDone = counts.unfinished === '0';
  const left = Math.max(0, Number(counts.waiting) - Number(counts.read));
  if (!isDone) report({ spans: Number(counts.spans), left, ...(failure !== '' && { failure }) });
  return { isDone, failure };
}

/** Waits for a statement, which may rewrite stored spans by itself. */
async function lookingOn(statement: Promise<unknown>, look: () => Promise<RewriteState>): Promise<void> {
  let isOver = false;
  const over = statement.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([over, sleep(REWRITE_PAUSE_MS)]);
    if (!isOver) await look().catch(() => undefined);
  }
}

/** Waits until stored spans are rewritten. Throws when a mutation keeps failing; it then stays in system.mutations. */
async function rewritten(look: () => Promise<RewriteState>): Promise<void> {
  for (let failures = 0; ; ) {
    const { isDone, failure } = await look();
    if (isDone) return;
    failures = failure === '' ? 0 : failures + 1;
    if (failures === MAX_FAILED_LOOKS) throw new Error(`rewriting stored spans fails: ${failure}`);
    await sleep(REWRITE_PAUSE_MS);
  }
}

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

async function appliedMigrations(
  client: MigrationClient,
  database: string,
): Promise<ReadonlyMap<number, AppliedMigration>> {
  const rows = await client.selectJson(
    `SELECT version, name, checksum FROM ${database}.schema_migrations FINAL ORDER BY version`,
  );
  return new Map(
    rows.map((row) => {
      const { version, name, checksum } = row as { version: number; name: string; checksum: string };
      return [Number(version), { name, checksum }] as const;
    }),
  );
}

function checkApplied(
  applied: ReadonlyMap<number, AppliedMigration>,
  migrations: readonly Migration[],
  database: string,
): void {
  const newest = Math.max(0, ...migrations.map(({ version }) => version));
  for (const [version, { name }] of applied) {
    if (version > newest) {
      throw new SchemaError(
        'schema-newer',
        `database ${database}: its schema has version ${version} (${name}), this program knows up to ${newest}. ` +
          'Run the Clew that wrote it, or a newer one.',
      );
    }
  }
  for (const migration of migrations) {
    const before = applied.get(migration.version);
    if (before !== undefined && before.checksum !== checksum(migration)) {
      throw new SchemaError(
        'schema-changed',
        `database ${database}: schema step ${migration.version} (${before.name}) was applied in another form than ` +
          'this program has it. Run a released version of Clew, or start with an empty database.',
      );
    }
  }
}

/** Over the statements without comments and spacing: those may be improved after a release. */
function checksum(migration: Migration): string {
  const hash = createHash('sha256');
  for (const statement of migration.statements) {
    hash.update(statement.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim());
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

function checkDatabaseName(database: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(database)) return;
  throw new SchemaError(
    'schema-database-name',
    `database name ${JSON.stringify(database)}: not 1 to 63 letters, digits and underscores. Choose another.`,
  );
}
