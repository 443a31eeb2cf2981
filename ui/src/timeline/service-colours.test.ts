import { describe, expect, it } from 'vitest';
import { assignServiceColours, PALETTE_SIZE } from './service-colours.ts';

describe('service colours', () => {
  const names = Array.from({ length: 12 }, (_, index) => `service-${index}`);

  it('differ for the eight heaviest services', () => {
    const assigned = assignServiceColours(names);
    const first = names.slice(0, PALETTE_SIZE).map((name) => assigned.get(name)?.colour);
    expect(new Set(first).size).toBe(PALETTE_SIZE);
  });

  it('repeat with a monogram from the ninth on', () => {
    const assigned = assignServiceColours([...names.slice(0, 8), 'product-catalog']);
    expect(assigned.get('product-catalog')?.monogram).toBe('PC');
    expect(assigned.get('service-0')?.monogram).toBe('');
  });

  it('follow from the name for a service alone, whoever looks', () => {
    expect(assignServiceColours(['cart'])).toEqual(assignServiceColours(['cart']));
  });
});
