import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../schema/migrations.ts';
import { clusterStatement } from './replicated-statement.ts';

const statements = MIGRATIONS.flatMap((migration) => migration.statements);
const tables = statements.filter((statement) => statement.includes('CREATE TABLE'));

describe('a statement of the schema in a cluster', () => {
  it('makes every table a replicated one with a path of its own', () => {
    const engines = tables.map((statement) => {
      return /ENGINE = (Replicated\w*MergeTree)\('([^']*)', '\{replica\}'\)/.exec(
        clusterStatement(statement, 'c', true),
      );
    });
    expect(engines.every((engine) => engine !== null)).toBe(true);
    const paths = engines.map((engine) => engine?.[2]);
    expect(new Set(paths).size).toBe(tables.length);
    for (const path of paths) expect(path).toMatch(/^\/clickhouse\/clew\/c\/\{shard\}\/\{database\}\/\w+$/);
  });

  it('remembers more inserts than one Clew makes, whether replicated or not', () => {
    for (const statement of tables) {
      expect(clusterStatement(statement, 'c', true)).toMatch(/\breplicated_deduplication_window = 10000, replicated_d/);
      expect(clusterStatement(statement, 'c', true)).not.toContain('non_replicated');
      expect(clusterStatement(statement, 'c', false)).toContain('non_replicated_deduplication_window = 10000');
    }
  });

  it('leaves everything else as it is', () => {
    const others = statements.filter((statement) => !statement.includes('CREATE TABLE'));
    expect(others.length).toBeGreaterThan(0);
    for (const statement of others) expect(clusterStatement(statement, 'c', true)).toBe(statement);
  });

  it('keeps the parameters of an engine', () => {
    const statement = 'CREATE TABLE IF NOT EXISTS {database}.t (a Int8)\nENGINE = ReplacingMergeTree(a)\nORDER BY a';
    expect(clusterStatement(statement, 'c', true)).toContain(
      "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/clew/c/{shard}/{database}/t', '{replica}', a)",
    );
  });
});
