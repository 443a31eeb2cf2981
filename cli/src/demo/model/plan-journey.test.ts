import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.ts';
import { JOURNEYS } from './journeys.ts';
import { planJourney } from './plan-journey.ts';
import { countSpans, type PlannedJourney, type PlannedSpan, visitSpans } from './planned-span.ts';
import { seededRandom } from './random.ts';
import { findService, resourceAttributes, SERVICES } from './services.ts';

const SEED = 20_261;

const planned = new Map<string, readonly PlannedJourney[]>();

/** The seed's first journeys; several tests look at the same ones. */
function plan(count: number, faults: readonly FaultName[] = [], name?: string): readonly PlannedJourney[] {
  const key = `${count} ${faults} ${name}`;
  const known = planned.get(key);
  if (known !== undefined) return known;
  const journeys = planFreshly(count, faults, name);
  planned.set(key, journeys);
  return journeys;
}

function planFreshly(count: number, faults: readonly FaultName[] = [], name?: string): readonly PlannedJourney[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => planJourney(random, new Set(faults), name));
}

function spansOf(journeys: readonly PlannedJourney[], test: (span: PlannedSpan) => boolean): PlannedSpan[] {
  const found: PlannedSpan[] = [];
  for (const journey of journeys) visitSpans(journey, (span) => void (test(span) && found.push(span)));
  return found;
}

const errors = (span: PlannedSpan) => span.status === 'error';
const lengthMs = (span: PlannedSpan) => (span.endUs - span.startUs) / 1000;
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

describe(`planJourney (seed ${SEED})`, () => {
  it('plans the same for the same seed and something else for another', () => {
    expect(planFreshly(50)).toEqual(planFreshly(50));
    const other = seededRandom(SEED + 1);
    expect(Array.from({ length: 50 }, () => planJourney(other, new Set()))).not.toEqual(planFreshly(50));
  });

  it('plans every journey, by its weight', () => {
    const names = plan(2000).map((journey) => journey.name);
    for (const { name, weight } of JOURNEYS) {
      const share = names.filter((other) => other === name).length / names.length;
      expect(share, name).toBeGreaterThan((weight / 999) * 0.4);
      expect(share, name).toBeLessThan((weight / 999) * 1.6 + 0.002);
    }
  });

  it('refuses a journey it does not know', () => {
    expect(() => planJourney(seededRandom(1), new Set(), 'teleport')).toThrow(/no journey "teleport".*checkout/);
  });

  it('lets every service of the shop take part', () => {
    const seen = new Set(spansOf(plan(600), () => true).map((span) => span.service));
    expect([...seen].sort()).toEqual(SERVICES.map((service) => service.name).sort());
  });

  it.each(['none', ...FAULT_NAMES.filter((name) => name !== 'clock-skew')])(
    'starts no child before its parent and ends no span before its start (fault %s)',
    (fault) => {
      const broken: PlannedSpan[] = [];
      for (const journey of plan(150, fault === 'none' ? [] : [fault as FaultName])) {
        visitSpans(journey, (span) => {
          const isGood =
            Number.isInteger(span.startUs) &&
            Number.isInteger(span.endUs) &&
            span.endUs >= span.startUs &&
            span.endUs <= journey.endUs &&
            span.children.every((child) => child.startUs >= span.startUs) &&
            span.events.every((event) => event.atUs >= span.startUs && event.atUs <= span.endUs);
          if (!isGood) broken.push(span);
        });
      }
      expect(broken).toEqual([]);
    },
  );

  it('links only backwards, and every consumer to its producer', () => {
    const journeys = plan(100, [], 'checkout');
    for (const journey of journeys) {
      const before = new Set<PlannedSpan>();
      visitSpans(journey, (span) => {
        for (const linked of span.links) expect(before.has(linked)).toBe(true);
        before.add(span);
        if (span.kind === 'consumer') expect(span.links.map((link) => link.kind)).toContain('producer');
      });
    }
    expect(journeys.some((journey) => journey.traces.length === 2)).toBe(true);
  });

  it('stays within what one journey may make', () => {
    for (const { name } of JOURNEYS) {
      for (const journey of plan(20, [...FAULT_NAMES], name)) expect(countSpans(journey)).toBeLessThan(2048);
    }
  });

  it('names spans and attributes as the semantic conventions do', () => {
    for (const span of spansOf(plan(100), () => true)) {
      if (span.attributes['http.route'] !== undefined && span.kind === 'server') {
        expect(span.name).toBe(`${span.attributes['http.request.method']} ${span.attributes['http.route']}`);
        expect(span.attributes['http.response.status_code']).toBeTypeOf('number');
      }
      if (span.attributes['db.system.name'] === 'postgresql') {
        expect(span.name).toBe(span.attributes['db.query.summary']);
        expect(span.attributes).toHaveProperty('db.namespace');
      }
      if (span.attributes['rpc.system.name'] === 'grpc') {
        expect(span.attributes['rpc.method']).toMatch(/^shop\.\w+\.v1\.\w+Service\/\w+$/);
        expect(span.attributes).toHaveProperty(['rpc.response.status_code']);
      }
      if (errors(span)) expect(span.attributes).toHaveProperty(['error.type']);
    }
  });

  it('is mostly healthy without faults, and never without a few errors', () => {
    const journeys = plan(2000);
    const failed = journeys.filter((journey) => journey.traces[0].status === 'error').length;
    expect(failed).toBeGreaterThan(0);
    expect(failed / journeys.length).toBeLessThan(0.02);
    const all = journeys.map((journey) => lengthMs(journey.traces[0]));
    const middle = median(all);
    expect(all[Math.floor(all.length * 0.99)]).toBeGreaterThan(middle * 3);
  });
});

describe('faults', () => {
  const errorShare = (faults: readonly FaultName[], service: string, journey?: string) => {
    const spans = spansOf(plan(400, faults, journey), (span) => span.service === service && span.kind === 'server');
    return spans.filter(errors).length / spans.length;
  };

  it('are all described', () => {
    for (const name of FAULT_NAMES) expect(FAULTS[name]).toMatch(/^[A-Z].{30,}\.$/);
  });

  it('slow-db makes statements of inventory slow and cancels some', () => {
    const statements = (faults: FaultName[]) =>
      spansOf(plan(200, faults, 'checkout'), (span) => span.attributes['db.namespace'] === 'inventory');
    const slow = statements(['slow-db']);
    expect(median(slow.map(lengthMs))).toBeGreaterThan(5 * median(statements([]).map(lengthMs)));
    const cancelled = spansOf(plan(400, ['slow-db'], 'checkout'), (span) => span.attributes['error.type'] === '57014');
    expect(cancelled.length).toBeGreaterThan(0);
    expect(cancelled[0].status).toBe('error');
  });

  it('payment-errors fails payments and explains them with an exception', () => {
    const outcomes = spansOf(
      plan(200, ['payment-errors'], 'checkout'),
      (span) => span.name === 'POST /checkout' && span.service === 'checkout',
    );
    const refused = outcomes.filter((span) =>
      [402, 502].includes(Number(span.attributes['http.response.status_code'])),
    );
    expect(refused.length / outcomes.length).toBeGreaterThan(0.25);
    const [exception] = spansOf(
      plan(200, ['payment-errors'], 'checkout'),
      (span) => span.service === 'payment',
    ).flatMap((span) => span.events.filter((event) => event.name === 'exception'));
    expect(exception.attributes['exception.stacktrace']).toContain('AcquirerClient.java');
  });

  it('cache-down refuses every cache call and sends reads to the database', () => {
    const cache = (span: PlannedSpan) => span.attributes['db.system.name'] === 'redis';
    const database = (span: PlannedSpan) => span.attributes['db.namespace'] === 'catalog';
    expect(spansOf(plan(200, ['cache-down']), cache).every(errors)).toBe(true);
    expect(spansOf(plan(200), cache).some(errors)).toBe(false);
    expect(spansOf(plan(200, ['cache-down'], 'product'), database).length).toBeGreaterThan(
      3 * spansOf(plan(200, [], 'product'), database).length,
    );
  });

  it('n-plus-one asks for every product of a page', () => {
    const most = (faults: FaultName[]) =>
      Math.max(
        ...spansOf(plan(200, faults, 'browse'), (span) => span.service === 'catalog').map(
          (span) => span.children.length,
        ),
      );
    expect(most(['n-plus-one'])).toBeGreaterThan(24);
    expect(most([])).toBeLessThan(8);
  });

  it('retry-storm multiplies the calls to the carriers', () => {
    const carriers = (span: PlannedSpan) => span.service === 'shipping' && span.kind === 'client';
    expect(spansOf(plan(100, ['retry-storm'], 'checkout'), carriers).length).toBeGreaterThan(
      2 * spansOf(plan(100, [], 'checkout'), carriers).length,
    );
    const resent = spansOf(
      plan(100, ['retry-storm'], 'checkout'),
      (span) => Number(span.attributes['http.request.resend_count']) > 1,
    );
    expect(resent.length).toBeGreaterThan(0);
  });

  it('queue-lag puts at least 20 seconds between sending and processing', () => {
    const consumers = spansOf(plan(50, ['queue-lag'], 'checkout'), (span) => span.kind === 'consumer');
    expect(consumers.length).toBeGreaterThan(50);
    for (const span of consumers) expect(span.startUs - span.links[0].endUs).toBeGreaterThanOrEqual(20e6);
  });

  it('bad-deploy breaks only the last instance of the cart, and half of its requests', () => {
    const broken = spansOf(
      plan(400, ['bad-deploy'], 'add-to-cart'),
      (span) => span.service === 'cart' && errors(span) && span.kind === 'server',
    );
    expect(new Set(broken.map((span) => span.instance))).toEqual(new Set([findService('cart').instances - 1]));
    expect(errorShare(['bad-deploy'], 'cart', 'add-to-cart')).toBeGreaterThan(0.15);
    expect(errorShare(['bad-deploy'], 'cart', 'add-to-cart')).toBeLessThan(0.35);
  });

  it('clock-skew moves spans of one pricing instance before their callers', () => {
    const callers = (faults: FaultName[]) =>
      spansOf(plan(200, faults, 'browse'), (span) => span.children.some((child) => child.startUs < span.startUs));
    expect(callers([])).toHaveLength(0);
    const skewed = callers(['clock-skew']).flatMap((span) => span.children);
    expect(new Set(skewed.map((span) => `${span.service} ${span.instance}`))).toEqual(new Set(['pricing 1']));
  });

  it('slow-search runs into the time-out of the gateway', () => {
    const pages = plan(200, ['slow-search'], 'search').map((journey) => journey.traces[0]);
    const late = pages.filter((span) => span.attributes['http.response.status_code'] === 504);
    expect(late.length / pages.length).toBeGreaterThan(0.1);
    expect(
      spansOf(plan(200, ['slow-search'], 'search'), (span) => span.attributes['error.type'] === 'timeout').length,
    ).toBeGreaterThan(0);
  });

  it('fraud-overload makes scoring slow and unavailable at times', () => {
    const scores = (faults: FaultName[]) =>
      spansOf(plan(300, faults, 'checkout'), (span) => span.service === 'fraud' && span.kind === 'server');
    expect(median(scores(['fraud-overload']).map(lengthMs))).toBeGreaterThan(5 * median(scores([]).map(lengthMs)));
    expect(scores(['fraud-overload']).some(errors)).toBe(true);
  });

  it('memory-leak kills recommendations while pages still come', () => {
    expect(errorShare(['memory-leak'], 'recommendations', 'product')).toBeGreaterThan(0.05);
    const pages = plan(200, ['memory-leak'], 'product').map((journey) => journey.traces[0]);
    expect(pages.filter(errors).length / pages.length).toBeLessThan(0.05);
  });

  it('can be on together', () => {
    const journeys = plan(200, ['slow-db', 'bad-deploy', 'queue-lag'], 'checkout');
    expect(spansOf(journeys, (span) => span.service === 'cart' && errors(span)).length).toBeGreaterThan(0);
    expect(Math.max(...journeys.map((journey) => journey.endUs))).toBeGreaterThan(20e6);
  });
});

describe('the shop', () => {
  it('gives every instance a resource of its own', () => {
    const pods = SERVICES.flatMap((service) =>
      Array.from(
        { length: service.instances },
        (_, instance) => resourceAttributes(service, instance, false)['k8s.pod.name'],
      ),
    );
    expect(new Set(pods).size).toBe(pods.length);
    const cart = findService('cart');
    expect(resourceAttributes(cart, 1, true)).toMatchObject({ 'service.name': 'cart', 'service.version': '3.3.0' });
  });

  it('knows no other services', () => {
    expect(() => findService('blockchain')).toThrow(/no service "blockchain"/);
  });
});
