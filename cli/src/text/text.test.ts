import { describe, expect, it } from 'vitest';
import { caretLines } from './caret-lines.ts';
import { displayWidth, padded, printable, truncated } from './display-width.ts';
import { counted, formatDurationNano, formatTimeNano } from './format-values.ts';

describe('display width', () => {
  it.each([
    ['abc', 3],
    ['größe', 5],
    ['e\u0301', 1],
    ['日本', 4],
    ['한글', 4],
    ['📧', 2],
    ['👩‍👩‍👧', 2],
    ['', 0],
    ['│ └ ✖ ▸ █▏▕ 870µs …', 19],
    ['soft\u00adhyphen', 10],
    ['✖\ufe0f', 2],
    ['Größe Ωмега', 11],
  ])('counts the cells of "%s"', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('cuts and pads to exact cells', () => {
    expect(truncated('checkout', 5)).toBe('chec…');
    expect(truncated('日本語', 4)).toBe('日…');
    expect(padded('日本', 5)).toBe('日本 ');
    expect(padded('7ms', 6, 'left')).toBe('   7ms');
    expect(truncated('abc', 0)).toBe('');
  });

  it('shows control characters as dots', () => {
    expect(printable('a\u001b[31mb\nc\u009b\u202e')).toBe('a·[31mb·c··');
  });
});

describe('formatDurationNano', () => {
  it.each([
    [0, '0ns'],
    [999, '999ns'],
    [999.6, '1µs'],
    [1500, '1.50µs'],
    [34_500_000, '34.5ms'],
    [999_600_000, '1s'],
    [1_240_000_000, '1.24s'],
    [59_960_000_000, '1m 0s'],
    [200e9, '3m 20s'],
    [7500e9, '2h 5m'],
    [-1500, '-1.50µs'],
  ])('writes %d as %s', (nano, text) => {
    expect(formatDurationNano(nano)).toBe(text);
  });
});

describe('other values', () => {
  it('groups thousands and knows one from many', () => {
    expect(counted(1, 'span')).toBe('1 span');
    expect(counted(1_234_567, 'span')).toBe('1,234,567 spans');
  });

  it('writes times to the millisecond, in the local zone', () => {
    const nano = BigInt(new Date(2026, 10, 20, 23, 15, 4, 123).getTime()) * 1_000_000n;
    expect(formatTimeNano(nano)).toBe('2026-11-20 23:15:04.123');
    expect(formatTimeNano(2n ** 64n - 1n)).toMatch(/^2554-/);
  });
});

describe('caretLines', () => {
  it('points below the range', () => {
    expect(caretLines('{ span.foo == }', { from: 11, to: 13 })).toBe('{ span.foo == }\n           ^^');
  });
  it('points behind the end', () => {
    expect(caretLines('{ a', { from: 3, to: 3 })).toBe('{ a\n   ^');
  });
  it('picks the line', () => {
    expect(caretLines('{ a = 1 &&\n  b ! 2 }', { from: 15, to: 16 })).toBe('  b ! 2 }\n    ^');
  });
  it('counts wide letters as two', () => {
    expect(caretLines('{ "日本" ? }', { from: 7, to: 8 })).toBe('{ "日本" ? }\n         ^');
  });
  it('keeps a position far to the right in view', () => {
    const text = `{ ${'a'.repeat(500)} ? }`;
    const [line, caret] = caretLines(text, { from: 503, to: 504 }, 80).split('\n');
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line[caret.indexOf('^')]).toBe('?');
  });
  it('survives a position outside the text', () => {
    expect(caretLines('{ }', { from: 50, to: 60 })).toBe('{ }\n   ^');
  });
});
