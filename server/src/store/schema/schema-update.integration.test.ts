import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedSession } from '../encode/round-trip/embedded-session.ts';
import { OLDER_BLOCK, OLDER_SPANS } from './fixtures/older-block.ts';
import { type MigrationClient, migrate, SchemaError } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { SchemaUpdate } from './schema-update.ts';

let engine: EmbeddedSession;

beforeAll(() => {
  engine = new EmbeddedSession();
});

afterAll(() => engine.close());

function updateOf(database: string, logged: string[] = [], client: MigrationClient = engine): SchemaUpdate {
  const logger = pino({}, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  return new SchemaUpdate({ client, database, logger, whoAnswers: 'the engine' });
}

describe('bringing the schema up to date', () => {
  it('is awaited where it is quick: on a new store, and on one of today', async () => {
    for (let run = 0; run < 2; run++) {
      const update = updateOf('quick');
      expect(update.isDone).toBe(false);
      await update.begin();
      expect(update.isDone).toBe(true);
      expect(update.progress).toBeUndefined();
    }
  });

  it('goes on in the background while many spans are rewritten, and says how far it is', async () => {
    await migrate(engine, { database: 'large', migrations: MIGRATIONS.slice(0, 7) });
    // Many enough to be counted in tenths of a million.
    const copies = Math.ceil(100_000 / OLDER_SPANS);
    await engine.insertBlock('large.spans', Buffer.concat(Array.from({ length: copies }, () => OLDER_BLOCK)));
    await engine.command('SYSTEM STOP MERGES large.spans');
    const logged: string[] = [];
    const update = updateOf('large', logged);
    const { done } = await update.begin();
    const text = `the schema is brought up to date, step 8 of ${MIGRATIONS.length} (events-and-links): 0.0 of 0.1 million spans rewritten`;
    expect(update.isDone).toBe(false);
    expect(update.progress).toBe(text);
    await engine.command('SYSTEM START MERGES large.spans');
    await done;
    expect(update.isDone).toBe(true);
    expect(update.progress).toBeUndefined();
    expect(logged[0]).toBe(`the schema is brought up to date, step 8 of ${MIGRATIONS.length} (events-and-links)`);
    expect(logged.at(-1)).toBe('schema migrated');
  });

  it('fails at once on a schema of a later program', async () => {
    const later = { version: MIGRATIONS.length + 1, name: 'later', statements: [] };
    await migrate(engine, { database: 'later', migrations: [...MIGRATIONS, later] });
    await expect(updateOf('later').begin()).rejects.toThrow(SchemaError);
  });

  it('ends quietly when the program does', async () => {
    await migrate(engine, { database: 'closed', migrations: MIGRATIONS.slice(0, 7) });
    await engine.insertBlock('closed.spans', OLDER_BLOCK);
    await engine.command('SYSTEM STOP MERGES closed.spans');
    const logged: string[] = [];
    let isUp = true;
    const client = {
      command: (sql: string) => (isUp ? engine.command(sql) : Promise.reject(new Error('stopped'))),
      selectJson: (sql: string) => (isUp ? engine.selectJson(sql) : Promise.reject(new Error('stopped'))),
    };
    const update = updateOf('closed', logged, client);
    const { done } = await update.begin();
    update.close();
    isUp = false;
    const linesBefore = logged.length;
    const outcome = await Promise.race([done.then(() => 'done'), new Promise((resolve) => setTimeout(resolve, 3_000))]);
    expect(outcome).toBeUndefined();
    expect(logged.length).toBe(linesBefore);
    await engine.command('SYSTEM START MERGES closed.spans');
  });
});
