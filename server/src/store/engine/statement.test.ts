import { describe, expect, it } from 'vitest';
import { insertText, isInsertOfBody, isSelect, parseStatement, quoteString, selectText } from './statement.ts';

const settings = new Map([
  ['max_threads', '1'],
  ['log_comment', `it's \\`],
]);

describe('parseStatement', () => {
  it('finds the verb behind comments and parentheses', () => {
    for (const sql of ['/* a; */ -- b;\n ((SELECT 1))', '# x\nselect 1', 'WITH 1 AS x SELECT x']) {
      expect(isSelect(parseStatement(sql))).toBe(true);
    }
    expect(parseStatement('ALTER TABLE t DELETE WHERE 1').verb).toBe('ALTER');
  });

  it('splits the format off and leaves what only looks like one', () => {
    expect(parseStatement('SELECT 1 FORMAT JSON;')).toMatchObject({
      text: 'SELECT 1',
      format: 'JSON',
      afterFormat: '',
    });
    expect(parseStatement('SELECT 1 FORMAT TSV SETTINGS a=1')).toMatchObject({
      format: 'TSV',
      afterFormat: 'SETTINGS a=1',
    });
    for (const sql of [
      `SELECT 'FORMAT JSON'`,
      `SELECT format('{}', x) FROM t`,
      'SELECT (SELECT 1 FORMAT JSON) AS x FROM t',
      'SELECT 1 -- FORMAT JSON',
      'SELECT `FORMAT JSON`',
    ]) {
      expect(parseStatement(sql).format, sql).toBeUndefined();
    }
  });

  it('refuses a second statement however it is hidden, and nothing else', () => {
    for (const sql of [
      'SELECT 1; DROP TABLE t',
      `SELECT '\\'';DROP TABLE t`,
      `SELECT '''';DROP TABLE t`,
      'SELECT 1;;SELECT 2',
    ]) {
      expect(() => parseStatement(sql), sql).toThrow(/Multi-statements/);
    }
    for (const sql of [
      `SELECT ';' ;`,
      `SELECT '\\';' /* ; */ -- ;`,
      'SELECT `;`, ";"',
      'SELECT $a$;DROP$a$',
      'SELECT 1;;',
    ]) {
      expect(() => parseStatement(sql), sql).not.toThrow();
    }
    expect(() => parseStatement(' -- nothing')).toThrow(/empty/);
  });

  it('tells an insert of a body from one that brings its rows', () => {
    expect(isInsertOfBody(parseStatement('INSERT INTO t (a, b) FORMAT Native'))).toBe(true);
    expect(isInsertOfBody(parseStatement('INSERT INTO t SETTINGS async_insert=0 FORMAT Native'))).toBe(true);
    expect(isInsertOfBody(parseStatement('INSERT INTO t SELECT 1'))).toBe(false);
    expect(isInsertOfBody(parseStatement(`INSERT INTO t VALUES ('a;b')`))).toBe(false);
  });
});

describe('settings in the text', () => {
  it('stand behind the format, added to those that are there', () => {
    expect(selectText(parseStatement('SELECT 1'), 'Native', new Map())).toBe('SELECT 1\nFORMAT Native');
    expect(selectText(parseStatement('SELECT 1 FORMAT TSV SETTINGS a=1'), 'TSV', settings)).toBe(
      `SELECT 1\nFORMAT TSV SETTINGS a=1, max_threads='1', log_comment='it\\'s \\\\'`,
    );
    const threads = new Map([['max_threads', '1']]);
    expect(insertText(parseStatement('INSERT INTO t FORMAT Native'), threads)).toBe(
      `INSERT INTO t SETTINGS max_threads='1'`,
    );
    expect(insertText(parseStatement('INSERT INTO t SETTINGS a=1 FORMAT Native'), threads)).toBe(
      `INSERT INTO t SETTINGS a=1, max_threads='1'`,
    );
  });

  it('cannot leave their quotes', () => {
    const parsed = parseStatement(`SELECT ${quoteString(`'; DROP TABLE t; -- \\`)}`);
    expect(parsed.verb).toBe('SELECT');
  });
});
