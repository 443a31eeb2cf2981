import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { withServerCodecs } from './server-codecs.ts';

describe('withServerCodecs', () => {
  it('names the compression where the embedded engine has a default of ours', () => {
    expect(withServerCodecs('MODIFY COLUMN start CODEC(Delta(8), Default), MODIFY COLUMN name CODEC(Default)')).toBe(
      'MODIFY COLUMN start CODEC(Delta(8), ZSTD(1)), MODIFY COLUMN name CODEC(ZSTD(1))',
    );
  });

  it('leaves no column of the schema to the default of a server, and changes nothing else', () => {
    for (const statement of MIGRATIONS.flatMap(({ statements }) => statements)) {
      const forServers = withServerCodecs(statement);
      expect(forServers).not.toContain('Default)');
      expect(forServers.replaceAll('ZSTD(1)', 'Default')).toBe(statement.replaceAll('ZSTD(1)', 'Default'));
    }
  });
});
