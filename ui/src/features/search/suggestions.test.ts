import { completionContext } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { applySuggestion, buildSuggestions, sourceOf } from './suggestions.ts';

const KEYS = {
  attributes: [
    { scope: 'span', key: 'http.method', types: ['string'] },
    { scope: 'span', key: 'url.http', types: ['string'] },
    { scope: 'resource', key: 'service.name', types: ['string'] },
    { scope: 'span', key: 'a key', types: ['string'] },
  ],
} as const;

/** Suggestions where `|` stands in the text. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, context: completionContext(text, cursor) };
}

describe('suggestions', () => {
  it('open a query with a brace', () => {
    const { text, context } = at('|');
    const [first] = buildSuggestions(context, undefined, undefined);
    expect(applySuggestion(text, context, first)).toEqual({ text: '{ ', cursor: 2 });
  });

  it('offer fields first, then keys of the store, as TraceQL writes them', () => {
    const { context } = at('{ |');
    const labels = buildSuggestions(context, KEYS, undefined).map((suggestion) => suggestion.label);
    expect(labels.slice(0, 4)).toEqual(['name', 'duration', 'status', 'kind']);
    expect(labels).toContain('resource.service.name');
    expect(labels).toContain('span."a key"');
    expect(labels).not.toContain('span:name');
    expect(sourceOf(context)).toEqual({ kind: 'keys', contains: '' });
  });

  it('rank keys that begin with the text before those that contain it', () => {
    const { context } = at('{ span.http|');
    const labels = buildSuggestions(context, KEYS, undefined).map((suggestion) => suggestion.label);
    expect(labels).toEqual(['span.http.method', 'span.url.http']);
  });

  it('ask for the values of the field that is compared', () => {
    const { context } = at('{ resource.service.name = "ca|');
    expect(sourceOf(context)).toEqual({ kind: 'values', name: 'resource.service.name', prefix: 'ca' });
    expect(sourceOf(at('{ .http.method = |').context)).toMatchObject({ name: '.http.method' });
    expect(sourceOf(at('{ name = |').context)).toMatchObject({ name: 'name' });
    expect(sourceOf(at('{ span."a key" = |').context)).toMatchObject({ name: 'span."a key"' });
  });

  it('put values in as literals and go on behind them', () => {
    const { text, context } = at('{ name = "ca|');
    const statistics = { rowsRead: 0, bytesRead: 0, elapsedMs: 0, complete: true };
    const values = { values: [{ type: 'string', value: 'say "hi"', count: 3 }], statistics } as const;
    const [first] = buildSuggestions(context, undefined, values);
    expect(applySuggestion(text, context, first)).toEqual({ text: '{ name = "say \\"hi\\"" ', cursor: 22 });
  });

  it('replace a whole word in the middle and keep the rest', () => {
    const { text, context } = at('{ stat| = error }');
    const status = buildSuggestions(context, undefined, undefined).find(({ label }) => label === 'status');
    if (status === undefined) throw new Error('no suggestion "status"');
    expect(applySuggestion(text, context, status)).toEqual({ text: '{ status = error }', cursor: 9 });
  });
});
