import { describe, expect, it } from 'vitest';
import { parseSaved, withoutSaved, withRecent, withSaved } from './saved-queries.ts';

const nothing = { saved: [], recent: [] };

describe('saved queries', () => {
  it('are read back, without what is malformed', () => {
    const kept = withRecent(withSaved(nothing, { name: ' mine ', query: '{ .a }' }), '{ .b }');
    expect(kept).toEqual({ saved: [{ name: 'mine', query: '{ .a }' }], recent: ['{ .b }'] });
    expect(parseSaved(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, '', 'no JSON', '[]', '7', '{"saved":5,"recent":[1,null]}', '{"saved":[{"name":""}]}']) {
      expect(parseSaved(text)).toEqual(nothing);
    }
  });

  it('have one query a name, and go when they are deleted', () => {
    const one = withSaved(withSaved(nothing, { name: 'a', query: '1' }), { name: 'b', query: '2' });
    const changed = withSaved(one, { name: 'a', query: '3' });
    expect(changed.saved).toEqual([
      { name: 'b', query: '2' },
      { name: 'a', query: '3' },
    ]);
    expect(withoutSaved(changed, 'b').saved).toEqual([{ name: 'a', query: '3' }]);
    expect(withSaved(one, { name: '  ', query: 'x' })).toBe(one);
  });

  it('remember the last twenty that were run, each once', () => {
    let kept: ReturnType<typeof withRecent> = nothing;
    for (let at = 0; at < 30; at++) kept = withRecent(kept, `{ .a = ${at} }`);
    expect(kept.recent).toHaveLength(20);
    kept = withRecent(kept, '{ .a = 20 }');
    expect(kept.recent.slice(0, 2)).toEqual(['{ .a = 20 }', '{ .a = 29 }']);
    expect(kept.recent).toHaveLength(20);
    expect(withRecent(kept, '')).toBe(kept);
  });
});
