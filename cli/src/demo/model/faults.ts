/** What can go wrong in the shop on request. Names are final words: people put them into scripts. */
export const FAULTS = {
  'slow-db': 'The inventory database takes 20 times longer: checkouts slow down, some reservations time out.',
  'payment-errors': 'The card acquirer declines or fails four payments in ten; checkout answers 402 and 502.',
  'cache-down': 'Redis refuses connections: every cache read falls back to a database, carts cannot be changed.',
  'n-plus-one': 'The catalogue loads the products of a page one query at a time.',
  'retry-storm': 'Shipping fails most calls; gateway, checkout and shipping each retry, which multiplies the load.',
  'queue-lag': 'Consumers of the orders topic are 20 to 90 seconds behind.',
  'bad-deploy': 'The last instance of the cart runs a new version that throws on one request in two.',
  'clock-skew': 'The clock of one pricing instance is 180 ms slow: its spans start before their callers.',
  'slow-search': 'The search index merges segments: a quarter of the searches stall until the gateway times out.',
  'fraud-overload': 'The one fraud instance queues requests: latency grows with a long tail, some answer 503.',
  'memory-leak': 'Recommendations stop for garbage collection ever longer, then die in the middle of a request.',
} as const;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export type FaultSet = ReadonlySet<FaultName>;

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(FAULTS, text);
}
