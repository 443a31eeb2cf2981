import { Dictionary, SpanBatch } from '@clew/model';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedSession } from '../encode/round-trip/embedded-session.ts';
import { SpanBlockEncoder } from '../encode/span-block-encoder.ts';
import { eventually } from '../engine/test-engine.ts';
import { SEPARATE_COLUMNS } from './events-and-links-columns.ts';
import { OLDER_BLOCK, OLDER_SPANS } from './fixtures/older-block.ts';
import { EVENT_TEXTS_SQL, LINK_IDS_SQL, OCCURRENCE_KEYS_SQL } from './indexed-occurrences.ts';
import { insertColumns } from './insert-columns.ts';
import { type MigrateProgress, migrate, SchemaError } from './migrate.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations.ts';
import { START_BUCKET_SQL, startBucket } from './start-bucket.ts';

let engine: EmbeddedSession;

beforeAll(() => {
  engine = new EmbeddedSession();
});

afterAll(() => engine.close());

const NEWEST = MIGRATIONS.length;
const ADDED: Migration = {
  version: NEWEST + 1,
  name: 'colour',
  statements: ['ALTER TABLE {database}.spans ADD COLUMN IF NOT EXISTS colour String'],
};
const BROKEN: Migration = {
  version: NEWEST + 1,
  name: 'colour',
  statements: [...ADDED.statements, 'ALTER TABLE {database}.no_such_table ADD COLUMN IF NOT EXISTS colour String'],
};

/** All is done that steps wait for, and soon what none waits for. */
async function mutated(database: string): Promise<void> {
  const unfinished = `SELECT command FROM system.mutations WHERE database = '${database}' AND NOT is_done`;
  expect(await engine.selectJson(`${unfinished} AND NOT match(command, 'event_\\w+_bloom|link_id_bloom')`)).toEqual([]);
  await eventually(async () => (await engine.selectJson(unfinished)).length === 0);
}

async function columnCount(database: string): Promise<number> {
  const [row] = await engine.selectJson(
    `SELECT count() AS columns FROM system.columns WHERE database = '${database}' AND table = 'spans'`,
  );
  return (row as { columns: number }).columns;
}

describe('migrate', () => {
  it('creates everything once, in a database of the given name', async () => {
    expect(await migrate(engine, { database: 'fresh' })).toEqual({ from: 0, to: NEWEST });
    expect(await migrate(engine, { database: 'fresh' })).toEqual({ from: NEWEST, to: NEWEST });
    const tables = await engine.selectJson("SELECT name FROM system.tables WHERE database = 'fresh' ORDER BY name");
    expect(tables.map((row) => (row as { name: string }).name)).toEqual([
      'attribute_keys',
      'operations',
      'resources',
      'schema_migrations',
      'scopes',
      'span_minutes',
      'span_minutes_from_spans',
      'span_minutes_since',
      'spans',
      'trace_times',
      'trace_times_from_spans',
    ]);
  });

  it('is safe when two programs start at once', async () => {
    await Promise.all([migrate(engine, { database: 'twice' }), migrate(engine, { database: 'twice' })]);
    const rows = await engine.selectJson('SELECT version, name FROM twice.schema_migrations FINAL ORDER BY version');
    expect(rows).toEqual(MIGRATIONS.map(({ version, name }) => ({ version, name })));
  });

  it('goes on where a step was cut short', async () => {
    await migrate(engine, { database: 'cut' });
    const before = await columnCount('cut');
    await expect(migrate(engine, { database: 'cut', migrations: [...MIGRATIONS, BROKEN] })).rejects.toThrow();
    expect(await columnCount('cut')).toBe(before + 1);
    expect(await migrate(engine, { database: 'cut', migrations: [...MIGRATIONS, ADDED] })).toEqual({
      from: NEWEST,
      to: NEWEST + 1,
    });
    expect(await columnCount('cut')).toBe(before + 1);
  });

  it('refuses a newer schema and says what to do', async () => {
    await migrate(engine, { database: 'newer', migrations: [...MIGRATIONS, ADDED] });
    const refused = migrate(engine, { database: 'newer' });
    await expect(refused).rejects.toBeInstanceOf(SchemaError);
    await expect(refused).rejects.toThrow(
      `database newer: its schema has version ${NEWEST + 1} (colour), this program knows up to ${NEWEST}. Run the Clew that wrote it`,
    );
  });

  it('refuses a step that was applied in another form, comments and spacing aside', async () => {
    await migrate(engine, { database: 'changed', migrations: [...MIGRATIONS, ADDED] });
    const reworded = ADDED.statements.map((statement) => `-- a comment\n${statement.replaceAll(' ', '\n  ')}`);
    await migrate(engine, { database: 'changed', migrations: [...MIGRATIONS, { ...ADDED, statements: reworded }] });
    const other = { ...ADDED, statements: [`${ADDED.statements[0]} CODEC(NONE)`] };
    await expect(migrate(engine, { database: 'changed', migrations: [...MIGRATIONS, other] })).rejects.toMatchObject({
      code: 'schema-changed',
    });
  });

  it.each(['', '1a', 'a-b', 'a;DROP DATABASE clew', 'x'.repeat(64)])(
    'refuses the database name %j',
    async (database) => {
      await expect(migrate(engine, { database })).rejects.toMatchObject({ code: 'schema-database-name' });
    },
  );
});

describe('each later step', () => {
  const EVENTS_BEFORE = `arrayZip(event_time, event_name, event_dropped_attributes_count, event_attributes)`;
  const LINKS_BEFORE = `arrayZip(link_trace_id, link_span_id, link_trace_state, link_flags, link_dropped_attributes_count,
    link_attributes)`;
  const SEPARATE = Object.keys(SEPARATE_COLUMNS).join(', ');

  /** Every column, events and links as lists of tuples whatever the step. */
  const stored = async (database: string): Promise<unknown[]> => {
    const [{ isBefore }] = (await engine.selectJson(
      `SELECT toBool(count() > 0) AS isBefore FROM system.columns WHERE database = '${database}' AND table = 'spans'
         AND name = 'event_time' AND default_kind = ''`,
    )) as { isBefore: boolean }[];
    const replaced = isBefore ? SEPARATE : 'events_and_links';
    const lists = isBefore ? `${EVENTS_BEFORE} AS events, ${LINKS_BEFORE} AS links` : 'events, links';
    const tuples = (name: string): string => `toString(CAST(${name}, '${TUPLES[name]}'))`;
    return engine.selectJson(
      `SELECT * EXCEPT (events, links), ${tuples('events')} AS e, ${tuples('links')} AS l FROM
         (SELECT * EXCEPT (${replaced}), ${lists} FROM ${database}.spans)
       ORDER BY trace_id, span_id, start, duration, name`,
    );
  };
  const TUPLES: Readonly<Record<string, string>> = {
    events: 'Array(Tuple(DateTime64(9), String, UInt32, Map(String, String)))',
    links: 'Array(Tuple(FixedString(16), FixedString(8), String, UInt32, UInt32, Map(String, String)))',
  };

  it('keeps every stored span as it was', async () => {
    await migrate(engine, { database: 'stepwise', migrations: MIGRATIONS.slice(0, 1) });
    await engine.insertBlock('stepwise.spans', OLDER_BLOCK);
    const before = (await stored('stepwise')) as { e: string; l: string }[];
    expect(before.length).toBe(OLDER_SPANS);
    expect(before.filter(({ e }) => e !== '[]').length).toBeGreaterThan(10);
    expect(before.filter(({ l }) => l !== '[]').length).toBeGreaterThan(10);
    for (const { version } of MIGRATIONS.slice(1)) {
      await migrate(engine, { database: 'stepwise', migrations: MIGRATIONS.slice(0, version) });
      const after = (await stored('stepwise')) as Record<string, unknown>[];
      expect(after.map(({ events_and_links: _, ...row }) => row)).toEqual(before);
    }
    await engine.command('OPTIMIZE TABLE stepwise.spans FINAL');
    expect(await stored('stepwise')).toEqual(before);
  });

  it('runs again from its beginning after a crash in the middle', async () => {
    await migrate(engine, { database: 'crashed', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('crashed.spans', OLDER_BLOCK);
    const before = await stored('crashed');
    for (const migration of MIGRATIONS.slice(7)) {
      for (const cut of migration.statements.keys()) {
        for (const statement of migration.statements.slice(0, cut + 1)) {
          await engine.command(statement.replaceAll('{database}', 'crashed'));
        }
      }
      await migrate(engine, { database: 'crashed', migrations: MIGRATIONS.slice(0, migration.version) });
    }
    expect(await stored('crashed')).toEqual(before);
  });

  it('is safe when two programs rewrite a filled store at once', async () => {
    await migrate(engine, { database: 'raced', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('raced.spans', OLDER_BLOCK);
    const before = await stored('raced');
    await Promise.all([migrate(engine, { database: 'raced' }), migrate(engine, { database: 'raced' })]);
    expect(await stored('raced')).toEqual(before);
    await mutated('raced');
  });

  const REWRITES = "position(command, 'UPDATE events_and_links = mapFromArrays') > 0";

  it('waits for as long as it takes to rewrite what is stored, and says how far it is', async () => {
    await migrate(engine, { database: 'slow', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('slow.spans', OLDER_BLOCK);
    const before = await stored('slow');
    await engine.command('SYSTEM STOP MERGES slow.spans');
    const seen: MigrateProgress[] = [];
    const migrating = migrate(engine, { database: 'slow', onProgress: (progress) => seen.push(progress) });
    const rewriting = { spans: OLDER_SPANS, left: OLDER_SPANS };
    await expect
      .poll(() => seen.at(-1), { timeout: 20_000 })
      .toEqual({ version: 8, name: 'events-and-links', newest: NEWEST, rewriting });
    await engine.command('SYSTEM START MERGES slow.spans');
    expect(await migrating).toEqual({ from: 7, to: NEWEST });
    expect(seen.at(-1)?.version).toBe(NEWEST);
    expect(await stored('slow')).toEqual(before);
  });

  it('does not begin to rewrite again what a crash left under way', async () => {
    await migrate(engine, { database: 'killed', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('killed.spans', OLDER_BLOCK);
    const before = await stored('killed');
    await engine.command('SYSTEM STOP MERGES killed.spans');
    let isKilled = false;
    const killed = {
      async command(sql: string) {
        if (isKilled) throw new Error('killed');
        await engine.command(sql);
        isKilled = sql.includes('UPDATE');
      },
      async selectJson(sql: string) {
        if (isKilled) throw new Error('killed');
        return engine.selectJson(sql);
      },
    };
    await expect(migrate(killed, { database: 'killed' })).rejects.toThrow('killed');
    const rewrites = `SELECT is_done FROM system.mutations WHERE database = 'killed' AND ${REWRITES}`;
    expect(await engine.selectJson(rewrites)).toEqual([{ is_done: 0 }]);
    await engine.command('SYSTEM START MERGES killed.spans');
    await migrate(engine, { database: 'killed' });
    expect(await engine.selectJson(rewrites)).toEqual([{ is_done: 1 }]);
    expect(await stored('killed')).toEqual(before);
  });

  it('leaves the indexes of every part in use', async () => {
    await migrate(engine, { database: 'indexed', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('indexed.spans', OLDER_BLOCK);
    await engine.command('ALTER TABLE indexed.spans MODIFY SETTING min_bytes_for_wide_part = 0');
    await engine.insertBlock('indexed.spans', Buffer.concat([OLDER_BLOCK, OLDER_BLOCK]));
    await migrate(engine, { database: 'indexed' });
    await mutated('indexed');
    const parts = (await engine.selectJson(
      "SELECT name FROM system.parts WHERE active AND database = 'indexed' AND table = 'spans' AND rows > 0",
    )) as { name: string }[];
    expect(parts.length).toBeGreaterThan(1);
    for (const { name } of parts) {
      for (const absent of [
        "trace_id = toFixedString('is not there', 16)",
        "has(mapValues(attributes_string), 'is not there')",
        "user_id = 'is not there'",
        `has(${OCCURRENCE_KEYS_SQL}, 'is not there')`,
        `has(${EVENT_TEXTS_SQL}, 'is not there')`,
        `has(${LINK_IDS_SQL}, 'is not there')`,
      ]) {
        const plan = (await engine.selectJson(
          `EXPLAIN indexes = 1 SELECT count() FROM indexed.spans WHERE _part = '${name}' AND ${absent}`,
        )) as { explain: string }[];
        const left = plan.map(({ explain }) => explain.trim()).filter((line) => line.startsWith('Granules: '));
        expect(left.at(-1), `${name}: ${absent}`).toMatch(/^Granules: 0\/[1-9]/);
      }
    }
  });

  it('leaves blocks of before to be stored as they would have been, beside those of today', async () => {
    await migrate(engine, { database: 'older', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('older.spans', OLDER_BLOCK);
    const before = await stored('older');
    await migrate(engine, { database: 'mixed' });
    const today = todaysBlock();
    const columns = insertColumns('mixed.spans', [today, OLDER_BLOCK]);
    expect(insertColumns('mixed.spans', [today])).toBe('');
    await engine.insertBlock('mixed.spans', Buffer.concat([today, OLDER_BLOCK]), columns);
    const rows = (await stored('mixed')) as { tenant: string }[];
    expect(rows.filter(({ tenant }) => tenant === 'before')).toEqual(before);
    await migrate(engine, { database: 'alone' });
    await engine.insertBlock('alone.spans', today);
    expect(rows.filter(({ tenant }) => tenant === 'today')).toEqual(await stored('alone'));
  });

  it('refuses blocks of before whose columns are not named, and stores none of them', async () => {
    await migrate(engine, { database: 'refusing' });
    await expect(engine.insertBlock('refusing.spans', OLDER_BLOCK)).rejects.toThrow();
    expect(await stored('refusing')).toEqual([]);
  });

  function todaysBlock(): Uint8Array {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    for (let seed = 21; seed <= 25; seed++) {
      const batch = new SpanBatch(dictionary);
      decodeOtlpProtobuf(batch, encodeOtlpProtobuf(generateTraceData({ seed })), DEFAULT_DECODE_LIMITS);
      encoder.add(batch, 'today', Date.UTC(2025, 9, 9));
    }
    return encoder.finish().blocks.filter(({ table }) => table === 'spans')[0].bytes;
  }
});

describe('the spans table', () => {
  const INSERT = `INSERT INTO extremes.spans (tenant, day, received, trace_id, span_id, service, name, start, duration)
    SELECT 't', toDate('2025-10-09'), toDateTime('2025-10-09 09:00:00'), MD5(toString(start)),
      reinterpretAsFixedString(duration), 's', 'n', fromUnixTimestamp64Nano(start), duration FROM`;
  const STARTS = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1760000000000000000n, 4294967595000000000n];

  it('takes any start and duration, and finds each start by its bucket', async () => {
    await migrate(engine, { database: 'extremes' });
    const list = STARTS.map((start) => `toInt64('${start}')`).join(', ');
    await engine.command(`${INSERT} (SELECT arrayJoin([${list}]) AS start, arrayJoin([toInt64('9223372036854775807'),
      toInt64('-9223372036854775808'), 0]) AS duration)`);
    for (const start of STARTS) {
      const rows = await engine.selectJson(`SELECT count() AS spans FROM extremes.spans WHERE tenant = 't'
        AND service = 's' AND start = fromUnixTimestamp64Nano(toInt64('${start}'))
        AND ${START_BUCKET_SQL} = toInt64('${startBucket(start)}')`);
      expect({ start, rows }).toEqual({ start, rows: [{ spans: 3 }] });
    }
    expect(await engine.selectJson('SELECT uniqExact(trace_id) AS traces FROM extremes.trace_times')).toEqual([
      { traces: STARTS.length },
    ]);
  });

  it('uses the bucket of the sort key', async () => {
    const explained = await engine.selectJson(`EXPLAIN indexes = 1 SELECT count() FROM extremes.spans
      WHERE tenant = 't' AND service = 's' AND ${START_BUCKET_SQL} = 5866666`);
    expect(JSON.stringify(explained)).toContain('intDiv(toUnixTimestamp64Nano(start), 300000000000) in');
  });

  it('drops a retention class by its partitions', async () => {
    await engine.command(`INSERT INTO extremes.spans (tenant, retention_days, day, trace_id, start)
      SELECT 'short', 7, toDate('2025-01-01'), toFixedString('a', 16), toDateTime64('2025-01-01 00:00:00', 9)`);
    for (const table of ['spans', 'trace_times', 'span_minutes']) {
      await engine.command(`ALTER TABLE extremes.${table} DROP PARTITION (7, '2025-01-01')`);
      const [row] = await engine.selectJson(
        `SELECT countIf(tenant = 'short') AS dropped, count() > 0 AS others FROM extremes.${table}`,
      );
      expect(row).toEqual({ dropped: 0, others: 1 });
    }
  });
});
