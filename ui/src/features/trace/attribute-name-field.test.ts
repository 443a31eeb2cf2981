import { describe, expect, it } from 'vitest';
import { attributeName } from './attribute-name-field.tsx';

describe('the name of an attribute', () => {
  it.each([
    ['span.http.route', 'span.http.route'],
    [' resource.host.name ', 'resource.host.name'],
    ['http.route', '.http.route'],
    ['.user.id', '.user.id'],
    ['status', 'status'],
    ['span."with space"', 'span."with space"'],
  ])('%s is %s', (typed, name) => expect(attributeName(typed)).toBe(name));

  it.each(['', '  ', '{ }', 'a b', 'name = "x"', '1'])('%j is none', (typed) => {
    expect(attributeName(typed)).toBeUndefined();
  });
});
