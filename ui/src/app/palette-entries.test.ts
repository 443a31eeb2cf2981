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
    services: ['cart', 'cart-db', 'billing', ...Array.from({ length: 12 }, (_, index) => `region-${index}`)],
    openService: (service) => opened.push(`service ${service}`),
    openTracesOf: (service) => opened.push(`traces of ${service}`),
    openTrace: (traceId, span) => opened.push(`trace ${traceId} ${span ?? ''}`),
    openQuery: (query) => opened.push(`query ${query}`),
  };
}

const labels = (typed: string): readonly string[] => paletteEntries(sources(), typed).entries.map(({ label }) => label);

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
    paletteEntries(sources(opened), `00-${TRACE}-00f067aa0ba902b7-01`).entries[0]?.run();
    paletteEntries(sources(opened), '{ name = "error" }').entries[0]?.run();
    expect(opened).toEqual([`trace ${TRACE} 00f067aa0ba902b7`, 'query { name = "error" }']);
  });

  it('finds services by name, the one of that very name first, and opens their page or their traces', () => {
    expect(labels('cart')).toEqual(['cart', 'cart-db', 'Traces of cart', 'Traces of cart-db']);
    const opened: string[] = [];
    for (const { run } of paletteEntries(sources(opened), 'billing').entries) run();
    expect(opened).toEqual(['service billing', 'traces of billing']);
  });

  it('shows so many services, and says how many more there are', () => {
    const { entries, omittedServices } = paletteEntries(sources(), 'region');
    expect(entries).toHaveLength(16);
    expect(omittedServices).toBe(4);
    expect(paletteEntries(sources(), 'region-11')).toMatchObject({
      entries: [{ label: 'region-11' }, { label: 'Traces of region-11' }],
      omittedServices: 0,
    });
    expect(paletteEntries(sources(), '').omittedServices).toBe(0);
  });
});
