import { describe, expect, it } from 'vitest';
import { formatColumns, isColumn, parseColumns, selectColumns } from './columns.ts';

describe('chosen columns', () => {
  it('are names of attributes and intrinsics, each once', () => {
    expect(parseColumns('span.http.route,  .x, span.http.route, kind')).toEqual(['span.http.route', '.x', 'kind']);
    expect(parseColumns('span."a, b"')).toEqual(['span."a, b"']);
    expect(parseColumns(formatColumns(['span."a, b"', '.x']))).toEqual(['span."a, b"', '.x']);
  });

  it('are none where the text is no list of names', () => {
    for (const text of ['', 'span.', 'x) | count(', '1', '.a) | select(.b']) expect(parseColumns(text)).toEqual([]);
    expect(isColumn('span.http.route')).toBe(true);
    expect(isColumn('.a, .b')).toBe(false);
  });

  it('are asked for beside the query', () => {
    expect(selectColumns('', ['.x'])).toBe('{ } | select(.x)');
    expect(selectColumns('{ .a } with (most_recent=true)', ['.x', 'kind'])).toBe(
      '{ .a } | select(.x, kind) with (most_recent=true)',
    );
    expect(selectColumns('{ .a }', [])).toBe('{ .a }');
    expect(selectColumns('{ .a ', ['.x'])).toBe('{ .a ');
    expect(selectColumns('{ } | rate()', ['.x'])).toBe('{ } | rate()');
  });
});
