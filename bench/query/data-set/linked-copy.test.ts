import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLinkedCopy } from './linked-copy.ts';

const TABLE = 'engine/data/store/abc/abcdef01-0000-4000-8000-000000000000';
const PART = `${TABLE}/0-20261119_1_1_0/data.bin`;
const COPIED = [
  'journal/cursor',
  'engine/config.xml',
  'engine/data/metadata/clew.sql',
  `${TABLE}/format_version.txt`,
  `${TABLE}/deduplication_logs/deduplication_log_1.txt`,
];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clew-linked-copy-'));
  for (const path of [PART, ...COPIED]) {
    mkdirSync(dirname(join(dir, 'from', path)), { recursive: true });
    writeFileSync(join(dir, 'from', path), path);
  }
  symlinkSync('../store/abc', join(dir, 'from/engine/data/metadata/clew'));
  makeLinkedCopy(join(dir, 'from'), join(dir, 'to'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a linked copy', () => {
  it('shares the files of parts and nothing that is written in place', () => {
    const inode = (side: string, path: string): number => statSync(join(dir, side, path)).ino;
    expect(inode('to', PART)).toBe(inode('from', PART));
    for (const path of COPIED) {
      expect(readFileSync(join(dir, 'to', path), 'utf8')).toBe(path);
      expect({ path, isShared: inode('to', path) === inode('from', path) }).toEqual({ path, isShared: false });
    }
  });

  it('leads to its own tables, and leaves the original whole when it is removed', () => {
    expect(existsSync(join(dir, 'to/engine/data/metadata/clew/abcdef01-0000-4000-8000-000000000000'))).toBe(true);
    rmSync(join(dir, 'to'), { recursive: true });
    expect(readFileSync(join(dir, 'from', PART), 'utf8')).toBe(PART);
  });
});
