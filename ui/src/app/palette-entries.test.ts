import { describe, expect, it } from 'vitest';
import type { Command } from '../widgets/command.ts';
import { type PaletteSources, paletteEntries } from './palette-entries.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const command = (id: string, label: string, more: Partial<Command> = {}): Command => ({
  id,
  group: 'trace',
  label,
  run: () => undefined,
  ...more,
});

function sources(opened: string[] = []): PaletteSources {
  return {
    commands: [
      command('next', 'Next error', { keys: ['e'] }),
      command('zoom', 'Reset the zoom'),
      command('move', 'Next span', { palette: false }),
      command('arrows', 'Unfold', { run: undefined }),
    ],
    traces: [{ traceId: TRACE, title: 'storefront · POST /checkout' }],
    queries: ['{ status = error }', '{ duration > 1s }'],
    openTrace: (traceId, span) => opened.push(`trace ${traceId} ${span ?? ''}`),
    openQuery: (query) => opened.push(`query ${query}`),
  };
}

const labels = (typed: string): readonly string[] => paletteEntries(sources(), typed).map(({ label }) => label);

describe('the palette', () => {
  it('offers what can be run, then what is recent, while nothing is typed', () => {
    expect(labels('')).toEqual([
      'Next error',
      'Reset the zoom',
      'storefront · POST /checkout',
      '{ status = error }',
      '{ duration > 1s }',
    ]);
  });

  it('finds commands, traces and queries by their words, best first', () => {
    expect(labels('err')).toEqual(['Next error', '{ status = error }']);
    expect(labels('check')).toEqual(['storefront · POST /checkout']);
    expect(labels('nothing of the kind')).toEqual([]);
  });

  it('opens a pasted trace and searches for a typed query, before all else', () => {
    const opened: string[] = [];
    paletteEntries(sources(opened), `00-${TRACE}-00f067aa0ba902b7-01`)[0]?.run();
    paletteEntries(sources(opened), '{ name = "error" }')[0]?.run();
    expect(opened).toEqual([`trace ${TRACE} 00f067aa0ba902b7`, 'query { name = "error" }']);
  });
});
