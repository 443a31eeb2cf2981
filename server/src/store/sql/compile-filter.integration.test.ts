/**
 * The in-memory evaluator is the judge of the SQL of field expressions: random spans, random conditions of the whole
 * field language. What SQL says exactly must be equal; of what it bounds, both bounds must hold.
 * Longer runs: CLEW_DIFFERENTIAL_CONDITIONS=5000 CLEW_TEST_SEED=… npx vitest run --project integration compile-filter
 */
import type { Span } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { randomCondition, randomField, randomNumericField } from '@clew/testkit/random-condition';
import { buildVocabulary } from '@clew/testkit/random-filter';
import { buildStatic, type FieldExpression, normalizeFilter, parseFilterSyntax, printExpression } from '@clew/traceql';
import { evaluateFilter } from '@clew/traceql/evaluate';
import { compileExpression } from '@clew/traceql/evaluate/compile-expression';
import { attributeText } from '@clew/traceql/evaluate/plain-value';
import { splitTraces } from '@clew/traceql/evaluate/trace-spans';
import { plainValue, singleValue } from '@clew/traceql/evaluate/value';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAttributeTypes } from '../read/load-attribute-types.ts';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import type { ReadLimits } from '../read/read-limits.ts';
import { DEFAULT_READ_LIMITS } from '../read/read-limits.ts';
import { StatementRunner } from '../read/statement-runner.ts';
import type { TimeRange } from '../span-store.ts';
import type { AttributeTypes } from './attribute-types.ts';
import { compileCondition } from './compile-expression.ts';
import { tryCompileExpressionValue } from './compile-value.ts';
import { isExact } from './condition.ts';
import { startInRange } from './start-range.ts';
import { TenantScope, type TenantStatement } from './tenant-scope.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const CONDITIONS = Number(process.env.CLEW_DIFFERENTIAL_CONDITIONS ?? 200);
const NOWHERE = { from: 0, to: 0 } as const;
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

const SPAN_SQL =
  "concat(lower(hex(trace_id)), ' ', lower(hex(span_id)), ' ', toString(toUnixTimestamp64Nano(start)), ' ', name)";

function spanText(span: Span): string {
  return `${span.traceId} ${span.spanId} ${span.startTimeUnixNano} ${span.name}`;
}

/** Spans as text, one for each row, sorted. */
async function spansWhere(sqlOf: (scope: TenantScope) => string, range: TimeRange): Promise<string[]> {
  const scope = new TenantScope(TENANT);
  const source = scope.from('spans', [startInRange(range, scope.parameters), sqlOf(scope)]);
  return textsOf(scope.statement(`SELECT ${SPAN_SQL} AS one ${source}`));
}

async function textsOf(statement: TenantStatement): Promise<string[]> {
  const rows = await new StatementRunner(store, LIMITS).rows<{ one: string }>(statement);
  return rows.map(({ one }) => one).toSorted();
}

function spansThat(filter: FieldExpression, range: TimeRange): string[] {
  return evaluateFilter(filter, world, { range })
    .map(({ span }) => spanText(span))
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

const TAG_OF: Readonly<Record<string, string>> = {
  ...{ string: 's', int: 'i', float: 'd', bool: 'b', duration: 'D', status: 'S', kind: 'K' },
};

/** A value as the evaluator has it, in the form of tagged texts; of the bytes of other values their JSON text. */
function taggedValue(value: ReturnType<ReturnType<typeof compileExpression>>): string {
  const plain = plainValue(value);
  if (plain.type === 'nil') return '';
  if (plain.type === 'other') return `o${plain.value}`;
  const text = plain.type === 'bool' ? Number(plain.value) : plain.value;
  return `${TAG_OF[plain.type]}${text}`;
}

/** A tagged text with doubles and other values in the evaluator's spelling. */
function respelled(tagged: string): string {
  if (tagged.startsWith('o')) return `o${attributeText(decodeAnyValue(Buffer.from(tagged.slice(1), 'hex')))}`;
  if (!tagged.startsWith('d')) return tagged;
  const words: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY };
  const digits = tagged.slice(1);
  return `d${words[digits] ?? (digits === '-inf' ? Number.NEGATIVE_INFINITY : Number(digits))}`;
}

function randomValue(): FieldExpression {
  const operand = (): FieldExpression =>
    random.chance(0.7)
      ? randomNumericField(random, vocabulary)
      : buildStatic({ type: random.pick(['int', 'duration']), value: BigInt(random.between(-3, 7)) });
  if (random.chance(0.6)) return randomField(random, vocabulary);
  if (random.chance(0.2)) return { kind: 'negate', operand: randomNumericField(random, vocabulary), at: NOWHERE };
  const operator = random.pick(['+', '-', '*', '/', '%'] as const);
  return { kind: 'arithmetic', operator, left: operand(), right: operand(), at: NOWHERE };
}

async function checkValue(expression: FieldExpression, range: TimeRange, label: string): Promise<boolean> {
  const types = await loadAttributeTypes(new StatementRunner(store, LIMITS), TENANT, expression);
  const scope = new TenantScope(TENANT);
  const value = tryCompileExpressionValue(expression, { scope, range, types });
  if (value === undefined) return false;
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  const number = `ifNull(toString(${value.int}), ifNull(toString(${value.double} + 0.), ''))`;
  const one = `concat(${SPAN_SQL}, '\\t', ${value.tagged}, '\\t', ${number}) AS one`;
  const found = await textsOf(scope.statement(`SELECT ${one} ${source}`));
  const read = compileExpression(expression);
  const wanted = splitTraces(world).flatMap((trace) =>
    [...trace.spans.entries()]
      .filter(
        ([, { span }]) => span.startTimeUnixNano >= range.fromUnixNano && span.startTimeUnixNano < range.toUnixNano,
      )
      .map(([position, { span }]) => {
        const tagged = taggedValue(read(trace, position));
        const single = singleValue(read(trace, position));
        const isNumber = single?.type === 'int' || single?.type === 'float' || single?.type === 'duration';
        return `${spanText(span)}\t${tagged}\t${isNumber ? tagged.slice(1) : ''}`;
      }),
  );
  const spelled = found.map((line) => {
    const [span, tagged, digits] = line.split('\t');
    const respelt = respelled(tagged);
    return `${span}\t${respelt}\t${digits === '' ? '' : tagged.startsWith('d') ? respelt.slice(1) : digits}`;
  });
  expect(spelled.toSorted(), label).toEqual(wanted.toSorted());
  return true;
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
    expect(failures.join('\n\n')).toBe('');
    expect(exact / CONDITIONS).toBeGreaterThan(0.5);
    expect(telling / CONDITIONS).toBeGreaterThan(0.25);
  });

  it('agree on values', { timeout: 120_000 + CONDITIONS * 1_000 }, async () => {
    const count = Math.ceil(CONDITIONS / 2);
    let known = 0;
    for (let done = 0; done < count; done++) {
      const expression = randomValue();
      const label = `seed ${SEED}, value ${done}: ${printExpression(expression)}`;
      if (await checkValue(expression, randomRange(), label)) known++;
    }
    expect(known / count).toBeGreaterThan(0.4);
  });
});
