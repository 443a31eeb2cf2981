/** Who comes into the shop and what they look at. */
import type { Random } from './random.ts';

export interface Shopper {
  readonly userId: string;
  readonly sessionId: string;
  readonly country: string;
  readonly currency: string;
  readonly tier: 'guest' | 'member' | 'gold';
}

const COUNTRIES = [
  ['DE', 'EUR'],
  ['FR', 'EUR'],
  ['NL', 'EUR'],
  ['GB', 'GBP'],
  ['US', 'USD'],
  ['JP', 'JPY'],
] as const;

export const SEARCH_TERMS = ['tent', 'headlamp', 'sleeping bag', 'trail shoes', 'stove', 'water filter', 'rain jacket'];

export function newShopper(random: Random): Shopper {
  const [country, currency] = random.pick(COUNTRIES);
  return {
    // A few people buy a lot.
    userId: `u-${Math.floor(5000 * random.next() ** 2) + 1}`,
    sessionId: random.hex(16),
    country,
    currency,
    tier: random.chance(0.12) ? 'gold' : random.chance(0.5) ? 'member' : 'guest',
  };
}

export function newProductId(random: Random): string {
  return `p-${String(Math.floor(1200 * random.next() ** 2) + 1).padStart(4, '0')}`;
}
