import { describe, expect, it } from 'vitest';
import { formatQuery } from './format.ts';
import { parseSyntax } from './parse.ts';
import { isSameQuery } from './same-query.ts';
import { TraceqlError } from './traceql-error.ts';

const lines = (...parts: string[]) => parts.join('\n');

describe('formatQuery', () => {
  it('prints what fits on one line', () => {
    expect(formatQuery('{.a=1}|count()>2')).toBe('{ .a = 1 } | count() > 2');
    expect(formatQuery('{ .a = 1 }\n| rate()')).toBe('{ .a = 1 } | rate()');
  });

  it.each([
    [
      'stages and conditions',
      '{ resource.service.name = "checkout" && duration > 500ms && (span.http.route = "/cart/{id}" || .b >= 500) } | by(name) | rate() by(span.a) > 5 | topk(5) with(sample=true)',
      lines(
        '{',
        '  resource.service.name = "checkout"',
        '  && duration > 500ms',
        '  && (span.http.route = "/cart/{id}" || .b >= 500)',
        '}',
        '| by(name)',
        '| rate() by(span.a) > 5',
        '| topk(5)',
        'with (sample=true)',
      ),
    ],
    [
      'operators between filters',
      '({ nestedSetParent < 0 && resource.service.name = "frontend" } &>> { status = error }) || { .other = "one" && .more = 2 }',
      lines(
        '(',
        '  { nestedSetParent < 0 && resource.service.name = "frontend" }',
        '  &>> { status = error }',
        ')',
        '|| { .other = "one" && .more = 2 }',
      ),
    ],
    [
      'a wrapped pipeline',
      '({ resource.service.name = "checkout" } | count() > 2 | avg(duration) > 1s) && { resource.service.name = "cart" }',
      lines(
        '({ resource.service.name = "checkout" } | count() > 2 | avg(duration) > 1s)',
        '&& { resource.service.name = "cart" }',
      ),
    ],
    [
      'series',
      '({ resource.service.name = "checkout" && status = error } | rate() by(span.http.route)) / ({ .long = "xxxxxxxxxxxxxxxxxxxx" } | rate()) > .5 | topk(2)',
      lines(
        '(',
        '  { resource.service.name = "checkout" && status = error }',
        '  | rate() by(span.http.route)',
        ')',
        '/ ({ .long = "xxxxxxxxxxxxxxxxxxxx" } | rate()) > 0.5',
        '| topk(2)',
      ),
    ],
    [
      'fields',
      '{ } | select(span.http.request.method, span.http.response.status_code, resource.service.name)',
      lines(
        '{ }',
        '| select(',
        '  span.http.request.method,',
        '  span.http.response.status_code,',
        '  resource.service.name',
        ')',
      ),
    ],
  ])('puts %s on lines of their own when they are long', (_, text, expected) => {
    const formatted = formatQuery(text);
    expect(formatted).toBe(expected);
    expect(isSameQuery(parseSyntax(formatted), parseSyntax(text))).toBe(true);
    expect(formatQuery(formatted)).toBe(formatted);
  });

  it('leaves text with comments, and names with line feeds, alone', () => {
    expect(formatQuery('{.a=1} // why')).toBe('{.a=1} // why');
    expect(formatQuery('{/* a */}')).toBe('{/* a */}');
    const name = `{ ."a\nb" = "${'x'.repeat(100)}" } | count() > 2`;
    expect(formatQuery(name)).toBe(name);
  });

  it('refuses text that is no query', () => {
    expect(() => formatQuery('{ .a = ')).toThrow(TraceqlError);
  });
});
