import { describe, expect, it } from 'vitest';
import { TenantScope } from './tenant-scope.ts';

describe('a tenant scope', () => {
  it('puts the tenant, as a bound parameter, into every source', () => {
    const scope = new TenantScope("o'brien");
    const inner = `SELECT id ${scope.from('resources', ['a OR b'])}`;
    const statement = scope.statement(`SELECT name ${scope.from('spans', [`resource_id IN (${inner})`])} LIMIT 1`);
    expect(statement.text).toBe(
      'SELECT name FROM spans WHERE tenant = {tenant:String} AND (resource_id IN ' +
        '(SELECT id FROM resources WHERE tenant = {tenant:String} AND (a OR b))) LIMIT 1',
    );
    expect(statement.parameters).toEqual({ tenant: "o'brien" });
  });

  it('reads several tenants at once', () => {
    const scope = new TenantScope('bank|shop');
    const statement = scope.statement(`SELECT name ${scope.from('spans', ['kind = 2'])}`);
    expect(statement.text).toBe('SELECT name FROM spans WHERE tenant IN {tenant:Array(String)} AND (kind = 2)');
    expect(statement.parameters).toEqual({ tenant: ['bank', 'shop'] });
  });

  it('takes a subquery as a source', () => {
    const scope = new TenantScope('t');
    expect(() => scope.statement(`SELECT 1 FROM (SELECT 2 ${scope.from('spans')})`)).not.toThrow();
  });

  it('reads a condition that leaves next to nothing before all others', () => {
    const scope = new TenantScope('t');
    const first = `trace_id = unhex(${scope.parameters.string('0af7651916cd43dd8448eb211c80319c')})`;
    const statement = scope.statement(`SELECT name ${scope.from('spans', ['kind = 2'], first)} LIMIT 1`);
    expect(statement.text).toBe(
      'SELECT name FROM spans PREWHERE trace_id = unhex({p0:String}) WHERE tenant = {tenant:String} AND (kind = 2) LIMIT 1',
    );
  });

  it('reads a condition with a subquery among the others', () => {
    const scope = new TenantScope('t');
    const inner = `trace_id IN (SELECT trace_id ${scope.from('trace_times')})`;
    expect(scope.statement(`SELECT name ${scope.from('spans', ['kind = 2'], inner)}`).text).toBe(
      `SELECT name FROM spans WHERE tenant = {tenant:String} AND (kind = 2) AND (${inner})`,
    );
  });

  it.each([
    'SELECT 1 FROM spans',
    'SELECT 1 FROM spans PREWHERE kind = 2',
    'SELECT 1 FROM spans PREWHERE kind = 2 WHERE status = 1',
    'SELECT 1 FROM spans PREWHERE trace_id IN (SELECT trace_id FROM trace_times) WHERE tenant = {tenant:String}',
    'SELECT 1 FROM spans PREWHERE kind = 2 WHERE tenant = {tenant:String} OR 1',
    'SELECT 1 FROM spans AS s WHERE 1',
    'SELECT 1 FROM spans WHERE tenant = {tenant:String} OR 1',
    "SELECT 1 FROM spans WHERE tenant = 'other'",
    'SELECT 1 FROM spans WHERE tenant IN {tenant:Array(String)} OR 1',
    "SELECT 1 FROM spans WHERE tenant IN ['a', 'b']",
    'SELECT 1 FROM (SELECT 1 FROM trace_times)',
    'SELECT 1 FROM (SELECT 1) AS a JOIN resources ON 1',
    'SELECT 1 FROM\nspans WHERE 1',
    'SELECT 1 FROM system.tables',
  ])('makes no statement of %s', (text) => {
    expect(() => new TenantScope('t').statement(text)).toThrow(/without tenant filter/);
  });
});
