import { describe, expect, it } from 'vitest';
import { addChip, negateChip, readChips, replaceChip, toggleValue, valueState } from './chip-model.ts';
import { editableText, literalText } from './literal-text.ts';

const texts = (query: string): readonly string[] => {
  const view = readChips(query);
  return view.kind === 'chips' ? view.chips.map(({ text }) => text) : [view.kind];
};
const text = (value: string) => ({ type: 'string', value }) as const;

describe('chips', () => {
  it('are the conditions that every match must satisfy', () => {
    expect(texts('')).toEqual([]);
    expect(texts('{ }')).toEqual([]);
    expect(texts('{ span.a = 1 && (status = error && .b) }')).toEqual(['span.a = 1', 'status = error', '.b']);
    expect(texts('{ span.a = 1 || span.b = 2 }')).toEqual(['span.a = 1 || span.b = 2']);
  });

  it('say when a query is more than they can show, and when it is none', () => {
    expect(texts('{ } | count() > 2')).toEqual(['rich']);
    expect(texts('{ } >> { status = error }')).toEqual(['rich']);
    expect(texts('{ } | rate()')).toEqual(['rich']);
    expect(texts('{ span.a = ')).toEqual(['mistake']);
  });

  it('change the text and keep what they do not show', () => {
    const query = '{ span.a = 1 && (.b || .c) } with (most_recent=true)';
    expect(replaceChip(query, 0, 'span.a > 5')).toBe('{ span.a > 5 && (.b || .c) } with (most_recent=true)');
    expect(replaceChip('{ span.a = 1 }', 0, undefined)).toBe('');
    expect(addChip('', 'status = error')).toBe('{ status = error }');
    expect(addChip('{ status = error }', 'status = error')).toBe('{ status = error }');
    expect(() => addChip('', 'status = ')).toThrow();
  });

  it('turn into their opposite and back', () => {
    for (const condition of ['span.a = 1', 'name =~ "x.*"', 'duration > 1s', 'span.a || span.b']) {
      const query = addChip('', condition);
      const turned = negateChip(query, 0);
      expect(turned).not.toBe(query);
      expect(negateChip(turned, 0)).toBe(query);
    }
    expect(negateChip('{ duration > 1s }', 0)).toBe('{ !(duration > 1s) }');
  });
});

describe('a value of a facet', () => {
  it('is included, replaced, excluded and let go', () => {
    const included = toggleValue('{ .x }', 'span.a', text('one'), '=');
    expect(included).toBe('{ .x && span.a = "one" }');
    expect(valueState(included, 'span.a', text('one'))).toBe('included');
    expect(toggleValue(included, 'span.a', text('two'), '=')).toBe('{ .x && span.a = "two" }');
    expect(toggleValue(included, 'span.a', text('one'), '=')).toBe('{ .x }');
    const excluded = toggleValue(included, 'span.a', text('one'), '!=');
    expect(excluded).toBe('{ .x && span.a != "one" }');
    expect(toggleValue(excluded, 'span.a', text('two'), '!=')).toBe('{ .x && span.a != "one" && span.a != "two" }');
    expect(valueState(excluded, 'span.a', text('one'))).toBe('excluded');
  });
});

describe('a typed value', () => {
  it.each([
    ['span.a', '=', 'GET /', '"GET /"'],
    ['span.a', '=', '200', '200'],
    ['span.a', '=', '"200"', '"200"'],
    ['span.a', '=~', '2..', '"2.."'],
    ['span.a', '=', 'true', 'true'],
    ['status', '=', 'error', 'error'],
    ['duration', '>', '1.5 s', '1.5s'],
    ['span.a', '!=', 'nil', 'nil'],
    ['span.a', '=', 'a"b', '"a\\"b"'],
  ])('of %s %s %s reads %s', (field, operator, typed, expected) => {
    expect(literalText(field, operator, typed)).toBe(expected);
  });

  it('comes back as it was', () => {
    for (const value of ['x', '200', 'true', '', ' x ', 'nil', '"q"']) {
      expect(literalText('span.a', '=', editableText(text(value)))).toBe(literalText('span.a', '=', value, 'string'));
    }
  });
});
