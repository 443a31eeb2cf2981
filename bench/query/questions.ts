import type { Question } from './query-api.ts';

export interface NamedQuestion {
  readonly name: string;
  readonly question: Omit<Question, 'startUnixMs' | 'endUnixMs'>;
  /** Some stores cannot search without one. */
  readonly needsNoService: boolean;
}

/** As pages show them. */
const LIMIT = 20;

/** What people ask, of the generated shop (testkit/src/realistic-span.ts). The newest 20 traces of each. */
export const QUESTIONS: readonly NamedQuestion[] = [
  { name: 'newest of a service', question: { service: 'cart', limit: LIMIT }, needsNoService: false },
  {
    name: 'slow spans of a service',
    question: { service: 'cart', minDurationMs: 50, limit: LIMIT },
    needsNoService: false,
  },
  {
    name: 'attribute and service',
    question: { service: 'cart', attribute: { key: 'http.route', value: '/api/checkout' }, limit: LIMIT },
    needsNoService: false,
  },
  {
    name: 'attribute alone',
    question: { attribute: { key: 'http.route', value: '/api/checkout' }, limit: LIMIT },
    needsNoService: true,
  },
];
