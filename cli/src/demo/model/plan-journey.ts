/** The shop as data, without an SDK: for the demo, for tests, benchmarks and screenshots. */
import type { FaultSet } from './faults.ts';
import { JOURNEYS, type Journey } from './journeys.ts';
import { type PlannedJourney, type PlannedSpan, visitSpans } from './planned-span.ts';
import type { Random } from './random.ts';

const TOTAL_WEIGHT = JOURNEYS.reduce((sum, journey) => sum + journey.weight, 0);

/** What the clock of pricing's last instance lacks while the fault clock-skew is on. */
const SKEW_US = 180_000;

/**
 * Plans one journey, chosen by weight or by name. Deterministic: equal random states and faults give equal plans.
 * @throws RangeError for a name that no journey has.
 */
export function planJourney(random: Random, faults: FaultSet, name?: string): PlannedJourney {
  const journey = name === undefined ? pickJourney(random) : JOURNEYS.find((candidate) => candidate.name === name);
  if (journey === undefined) {
    throw new RangeError(`no journey "${name}". There are ${JOURNEYS.map((known) => known.name).join(', ')}.`);
  }
  const traces = journey.plan(random, faults);
  const planned = { name: journey.name, traces, endUs: latestEnd(traces) };
  if (faults.has('clock-skew')) skewClocks(planned);
  return planned;
}

function pickJourney(random: Random): Journey {
  let rest = random.next() * TOTAL_WEIGHT;
  for (const journey of JOURNEYS) if ((rest -= journey.weight) < 0) return journey;
  return JOURNEYS[0];
}

function latestEnd(traces: readonly PlannedSpan[]): number {
  let endUs = 0;
  visitSpans({ name: '', traces, endUs: 0 }, (span) => {
    endUs = Math.max(endUs, span.endUs);
  });
  return endUs;
}

function skewClocks(journey: PlannedJourney): void {
  visitSpans(journey, (span) => {
    if (span.service !== 'pricing' || span.instance !== 1) return;
    span.startUs -= SKEW_US;
    span.endUs -= SKEW_US;
    for (const [i, event] of span.events.entries()) span.events[i] = { ...event, atUs: event.atUs - SKEW_US };
  });
}
