import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { describe, expect, it } from 'vitest';
import type { AttributeCatalogue } from '../suggest/attribute-catalogue.ts';
import { traceqlCompletionSource } from './traceql-completion.ts';
import { traceqlLanguage } from './traceql-language.ts';
import { findMistake } from './traceql-linter.ts';

const STYLES = tagHighlighter([
  { tag: tags.propertyName, class: 'attribute' },
  { tag: tags.standard(tags.propertyName), class: 'intrinsic' },
  { tag: tags.function(tags.variableName), class: 'function' },
  { tag: tags.variableName, class: 'unknown' },
  { tag: tags.atom, class: 'constant' },
  { tag: tags.string, class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.comment, class: 'comment' },
  { tag: tags.controlOperator, class: 'pipe' },
  { tag: tags.invalid, class: 'wrong' },
]);

/** Coloured pieces as `class:text`. */
function coloured(text: string): readonly string[] {
  const pieces: string[] = [];
  highlightTree(traceqlLanguage.parser.parse(text), STYLES, (from, to, style) => {
    pieces.push(`${style}:${text.slice(from, to)}`);
  });
  return pieces;
}

describe('the colours of a query', () => {
  it('know what is what', () => {
    expect(coloured('{ span.http.route = "/cart" && duration > 5ms } | rate() by(.x)')).toEqual([
      'attribute:span.http.route',
      'string:"/cart"',
      'intrinsic:duration',
      'number:5ms',
      'pipe:|',
      'function:rate',
      'function:by',
      'attribute:.x',
    ]);
    expect(coloured('{ status = error || nestedSetParent < 0 }').slice(0, 3)).toEqual([
      'intrinsic:status',
      'constant:error',
      'intrinsic:nestedSetParent',
    ]);
  });

  it('go on over the end of a line where a text or comment is open', () => {
    expect(coloured('/* one\ntwo */ { name =~ `a\nb` } // rest')).toEqual([
      'comment:/* one',
      'comment:two */',
      'intrinsic:name',
      'string:`a',
      'string:b`',
      'comment:// rest',
    ]);
  });

  it('bear with text that is not finished', () => {
    expect(coloured('{ .a = "x')).toEqual(['attribute:.a', 'string:"x']);
    expect(coloured('{ duration > 5parsecs')).toEqual(['intrinsic:duration', 'wrong:5parsecs']);
    expect(coloured('\n\u{1f600} }{')).toEqual(['wrong:\u{1f600}']);
  });
});

describe('completion', () => {
  const catalogue: AttributeCatalogue = {
    loadAttributes: async () => [{ scope: 'span', key: 'http.route', types: ['string'] }],
    loadValues: async (_name, prefix) => [{ type: 'string', value: `${prefix}rt`, count: 7 }],
  };

  async function completed(text: string, pos = text.length) {
    const state = EditorState.create({ doc: text });
    return traceqlCompletionSource(catalogue)(new CompletionContext(state, pos, false));
  }

  it('offers what may stand at the cursor, with its whole token to be replaced', async () => {
    const result = await completed('{ span.ht }', 9);
    expect(result).toMatchObject({ from: 2, to: 9, filter: false });
    expect(result?.options.map((option) => option.label)).toEqual(['span.http.route']);
    expect((await completed('{ span.http.route = "ca'))?.options[0]).toMatchObject({ label: 'cart', detail: '7×' });
  });

  it('offers nothing where nothing fits', async () => {
    expect(await completed('{ } // dur')).toBeNull();
  });
});

describe('mistakes', () => {
  it('have a place, words and a hint', () => {
    expect(findMistake('{ duratoin > 5ms }')).toMatchObject({ from: 2, to: 10 });
    expect(findMistake('{ duratoin > 5ms }')?.hint).toContain('duration');
    expect(findMistake('  ')).toBeUndefined();
    expect(findMistake('{ duration > 5ms } | count() > 2')).toBeUndefined();
  });
});
