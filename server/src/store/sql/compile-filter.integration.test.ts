/**
 * The in-memory evaluator is the judge of the SQL of field expressions: random spans, random conditions of the whole
 * field language. What SQL says exactly must be equal; of what it bounds, both bounds must hold.
 * Longer runs: CLEW_DIFFERENTIAL_CONDITIONS=5000 CLEW_TEST_SEED=… npx vitest run --project integration compile-filter
 */
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { randomCondition } from '@clew/testkit/random-condition';
import { buildVocabulary } from '@clew/testkit/random-filter';
import { type FieldExpression, normalizeFilter, parseFilterSyntax, printExpression } from '@clew/traceql';
import { evaluateFilter } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAttributeTypes } from '../read/load-attribute-types.ts';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import type { ReadLimits } from '../read/read-limits.ts';
import { DEFAULT_READ_LIMITS } from '../read/read-limits.ts';
import { StatementRunner } from '../read/statement-runner.ts';
import type { TimeRange } from '../span-store.ts';
import type { AttributeTypes } from './attribute-types.ts';
import { compileCondition } from './compile-expression.ts';
import { isExact } from './condition.ts';
import { startInRange } from './start-range.ts';
import { TenantScope } from './tenant-scope.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const CONDITIONS = Number(process.env.CLEW_DIFFERENTIAL_CONDITIONS ?? 200);
const TENANT = 'differential';
const TRACES = 120;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
const LIMITS: ReadLimits = DEFAULT_READ_LIMITS;

const random = new Random(SEED);
const world = buildSmallWorld(random, TRACES);
const vocabulary = buildVocabulary(world);
let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
  const receivedUnixMs = Number(WORLD_END_UNIX_NANO / 1_000_000n);
  await store.insert(world, TENANT, receivedUnixMs);
  // What must never be seen: the same traces with other content, of another tenant.
  await store.insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else', receivedUnixMs);
});

afterAll(() => store.close());

function randomRange(): TimeRange {
  if (random.chance(0.4)) return WORLD;
  const minute = (): bigint => BigInt(random.below(360)) * 60_000_000_000n;
  const [a, b] = [WORLD_START_UNIX_NANO + minute(), WORLD_START_UNIX_NANO + minute()];
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a };
}

/** Spans as text, one for each row, sorted. */
async function spansWhere(sqlOf: (scope: TenantScope) => string, range: TimeRange): Promise<string[]> {
  const runner = new StatementRunner(store, LIMITS);
  const scope = new TenantScope(TENANT);
  const source = scope.from('spans', [startInRange(range, scope.parameters), sqlOf(scope)]);
  const columns = "concat(lower(hex(trace_id)), ' ', lower(hex(span_id)), ' ', toString(start), ' ', name) AS one";
  const rows = await runner.rows<{ one: string }>(scope.statement(`SELECT ${columns}, toTypeName(1) ${source}`));
  return rows.map(({ one }) => one).toSorted();
}

function spansThat(filter: FieldExpression, range: TimeRange): string[] {
  const time = (nanos: bigint): string => {
    const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`;
  };
  return evaluateFilter(filter, world, { range })
    .map(({ span }) => `${span.traceId} ${span.spanId} ${time(span.startTimeUnixNano)} ${span.name}`)
    .toSorted();
}

/** What is in `a` and not in `b`, both sorted. */
function beyond(a: readonly string[], b: readonly string[]): string[] {
  const left = [...b];
  return a.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

interface Verdict {
  readonly isExact: boolean;
  readonly isTelling: boolean;
}

async function check(filter: FieldExpression, range: TimeRange, label: string): Promise<Verdict> {
  const runner = new StatementRunner(store, LIMITS);
  const types: AttributeTypes | undefined = random.chance(0.8)
    ? await loadAttributeTypes(runner, TENANT, filter)
    : undefined;
  const wanted = spansThat(filter, range);
  const conditionIn = (scope: TenantScope) => {
    return compileCondition(normalizeFilter(filter), { scope, range, ...(types && { types }) });
  };
  const found = await spansWhere((scope) => conditionIn(scope).necessary, range);
  const exact = isExact(conditionIn(new TenantScope(TENANT)));
  if (exact) {
    expect({ missing: beyond(wanted, found), tooMany: beyond(found, wanted) }, label).toEqual({
      missing: [],
      tooMany: [],
    });
  } else {
    expect(beyond(wanted, found), `${label}: necessary`).toEqual([]);
    const certain = await spansWhere((scope) => conditionIn(scope).sufficient, range);
    expect(beyond(certain, wanted), `${label}: sufficient`).toEqual([]);
  }
  const all = spansThat(parseFilterSyntax('{ }').expression, range);
  return { isExact: exact, isTelling: wanted.length > 0 && wanted.length < all.length };
}

describe(`SQL of conditions and the evaluator (seed ${SEED}, ${CONDITIONS} conditions)`, () => {
  it('agree', { timeout: 120_000 + CONDITIONS * 2_000 }, async () => {
    let exact = 0;
    let telling = 0;
    const failures: string[] = [];
    for (let done = 0; done < CONDITIONS; done++) {
      const filter = randomCondition(random, vocabulary);
      const range = randomRange();
      const label = `seed ${SEED}, condition ${done}: { ${printExpression(filter)} } in ${range.fromUnixNano}..${range.toUnixNano}`;
      try {
        const verdict = await check(filter, range, label);
        if (verdict.isExact) exact++;
        if (verdict.isTelling) telling++;
      } catch (error) {
        failures.push(`${label}\n${error instanceof Error ? error.message.slice(0, 600) : String(error)}`);
        if (failures.length >= 10) break;
      }
    }
    console.log(`exact ${exact}, telling ${telling} of ${CONDITIONS}`);
    expect(failures.join('\n\n')).toBe('');
    expect(exact / CONDITIONS).toBeGreaterThan(0.6);
    expect(telling / CONDITIONS).toBeGreaterThan(0.25);
  });
});
