import { describe, expect, it } from 'vitest';
import { completionContext } from '../completion.ts';
import { applySuggestion } from './apply-suggestion.ts';
import type { AttributeCatalogue, KnownAttribute } from './attribute-catalogue.ts';
import { buildSuggestions, type Suggestion, suggestionSourceOf } from './build-suggestions.ts';
import { loadSuggestions } from './load-suggestions.ts';

const ATTRIBUTES: readonly KnownAttribute[] = [
  { scope: 'span', key: 'http.method', types: ['string'] },
  { scope: 'span', key: 'url.http', types: ['string'] },
  { scope: 'resource', key: 'service.name', types: ['string'] },
  { scope: 'span', key: 'a key', types: ['string', 'int'] },
];

/** The context where `|` stands in the text; `¦` for texts that have a pipe of their own. */
function at(marked: string) {
  const mark = marked.includes('¦') ? '¦' : '|';
  const cursor = marked.indexOf(mark);
  const text = marked.replace(mark, '');
  return { text, context: completionContext(text, cursor) };
}

function applied(marked: string, label: string, values: Parameters<typeof buildSuggestions>[2] = []): string {
  const { text, context } = at(marked);
  const suggestion = buildSuggestions(context, ATTRIBUTES, values).find((one) => one.label === label);
  if (suggestion === undefined) throw new Error(`no suggestion "${label}"`);
  const edit = applySuggestion(text, context, suggestion);
  const changed = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  return `${changed.slice(0, edit.cursor)}¦${changed.slice(edit.cursor)}`;
}

const labelsAt = (marked: string): readonly string[] =>
  buildSuggestions(at(marked).context, ATTRIBUTES, []).map((suggestion) => suggestion.label);

describe('suggestions', () => {
  it('offer fields first, then keys of the catalogue, as TraceQL writes them', () => {
    const labels = labelsAt('{ |');
    expect(labels.slice(0, 4)).toEqual(['name', 'duration', 'status', 'kind']);
    expect(labels).toContain('resource.service.name');
    expect(labels).toContain('span."a key"');
    expect(labels).not.toContain('span:name');
    expect(labelsAt('{ span:na|')).toContain('span:name');
  });

  it('rank keys that begin with the text before those that contain it', () => {
    expect(labelsAt('{ span.http|')).toEqual(['span.http.method', 'span.url.http']);
  });

  it('offer stages behind a pipe, and the fields of a function inside of it', () => {
    expect(labelsAt('{ } | ¦')).toEqual(expect.arrayContaining(['count()', 'by(', 'rate()']));
    expect(labelsAt('{ } | by(serv¦')).toContain('resource.service.name');
  });

  it('ask for the values of the field that is compared', () => {
    const source = (marked: string) => suggestionSourceOf(at(marked).context);
    expect(source('{ resource.service.name = "ca|')).toEqual({
      kind: 'values',
      name: 'resource.service.name',
      prefix: 'ca',
    });
    expect(source('{ .http.method = |')).toMatchObject({ name: '.http.method' });
    expect(source('{ name = |')).toMatchObject({ name: 'name' });
    expect(source('{ span."a key" = |')).toMatchObject({ name: 'span."a key"' });
    expect(source('{ |')).toEqual({ kind: 'keys', contains: '' });
  });

  it('are put in as literals, and one writes on behind them', () => {
    const values = [{ type: 'string', value: 'say "hi"', count: 3 }] as const;
    expect(applied('{ name = "sa|', 'say "hi"', values)).toBe('{ name = "say \\"hi\\"" ¦');
    expect(applied('{ name = "sa|"}', 'say "hi"', values)).toBe('{ name = "say \\"hi\\"" ¦}');
  });

  it('replace a whole word in the middle and keep the rest', () => {
    expect(applied('{ stat| = error }', 'status')).toBe('{ status ¦= error }');
    expect(applied('{ } | by(stat¦)', 'status')).toBe('{ } | by(status¦)');
    expect(applied('{ } | av¦', 'avg(')).toBe('{ } | avg(¦');
    expect(applied('{ parent.serv| }', 'parent.resource.service.name')).toBe('{ parent.resource.service.name ¦}');
  });
});

describe('loading suggestions', () => {
  const failing: AttributeCatalogue = {
    loadAttributes: () => Promise.reject(new Error('away')),
    loadValues: () => Promise.reject(new Error('away')),
  };

  it('leaves the words when the catalogue is away', async () => {
    const { suggestions } = await loadSuggestions('{ ', 2, failing, new AbortController().signal);
    expect(suggestions.map((one: Suggestion) => one.label)).toContain('duration');
  });

  it('does not offer the bracket that stands there already', async () => {
    const labels = async (text: string, cursor: number) =>
      (await loadSuggestions(text, cursor, failing, new AbortController().signal)).suggestions.map(
        ({ label }) => label,
      );
    expect(await labels('{ status = error ', 17)).toContain('}');
    expect(await labels('{ status = error  }', 17)).not.toContain('}');
  });

  it('asks the catalogue for what is being written only', async () => {
    const asked: string[] = [];
    const catalogue: AttributeCatalogue = {
      loadAttributes: async (contains) => {
        asked.push(`keys ${contains}`);
        return ATTRIBUTES;
      },
      loadValues: async (name, prefix) => {
        asked.push(`values ${name} ${prefix}`);
        return [{ type: 'int', value: '503', count: 2 }];
      },
    };
    const load = (text: string) => loadSuggestions(text, text.length, catalogue, new AbortController().signal);
    await load('{ span.ht');
    expect((await load('{ span.code = ')).suggestions[0]).toMatchObject({ insert: '503', detail: '2×' });
    await load('{ status = ');
    await load('// a comment ');
    expect(asked).toEqual(['keys ht', 'values span.code ']);
  });
});
