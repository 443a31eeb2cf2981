import { TraceqlError } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { parseField, parseFilter } from './parse-filter.ts';
import { QueryError } from './query-error.ts';

describe('the name of a field', () => {
  it.each([
    ['span.http.route', 'span', 'http.route'],
    ['resource.service.name', 'resource', 'service.name'],
    ['.user.id', 'any', 'user.id'],
    ['span."two words"', 'span', 'two words'],
    ['span.two words', 'span', 'two words'],
    ['.a = nil && .b', 'any', 'a = nil && .b'],
  ])('%s is an attribute', (name, scope, key) => {
    expect(parseField(name)).toMatchObject({ kind: 'attribute', scope, key });
  });

  it.each([
    ['status', 'status'],
    ['span:duration', 'duration'],
    ['trace:rootName', 'rootName'],
  ])('%s is an intrinsic', (name, intrinsic) => {
    expect(parseField(name)).toMatchObject({ kind: 'intrinsic', intrinsic });
  });

  it.each(['', 'http.route', 'span.', '.', '"text"', '1', 'status = error', '} || {'])("'%s' is refused", (name) => {
    expect(() => parseField(name)).toThrow(QueryError);
  });
});

describe('a filter', () => {
  it('is what stands inside the braces', () => {
    expect(parseFilter('{ true }')).toMatchObject({ kind: 'static' });
  });

  it('is refused with a pattern that is no regular expression', () => {
    expect(() => parseFilter('{ name =~ "(" }')).toThrow(TraceqlError);
  });
});
