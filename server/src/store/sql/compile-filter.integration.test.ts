/**
 * The in-memory evaluator is the judge of the SQL of field expressions: random spans, random conditions of the whole
 * field language. What SQL says exactly must be equal; of what it bounds, both bounds must hold.
 * Longer runs: CLEW_TEST_SEED=… CLEW_TEST_SEEDS=20 CLEW_DIFFERENTIAL_CONDITIONS=5000 npx vitest run --project
 * integration compile-filter: so many seeds, each with a world and a tenant of its own, all in one engine.
 */
import type { Span, TraceData } from '@clew/model';
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
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const CONDITIONS = Number(process.env.CLEW_DIFFERENTIAL_CONDITIONS ?? 100);
const NOWHERE = { from: 0, to: 0 } as const;
const TRACES = 120;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
/** A busy machine is no difference. */
const LIMITS: ReadLimits = { ...DEFAULT_READ_LIMITS, timeoutMs: 120_000 };

/** Conditions that one statement computes. */
const TOGETHER = 8;

let store: TestStore;
// Of the seed at hand.
let seed = SEED;
let tenant = '';
let random = new Random(SEED);
let world: TraceData = { resourceSpans: [] };
let vocabulary = buildVocabulary(world);

beforeAll(async () => {
  store = await startTestStore();
  // What must never be seen: the same traces with other content, of another tenant.
  await insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else');
});

function insert(data: TraceData, name: string): Promise<void> {
  return store.insert(data, name, Number(WORLD_END_UNIX_NANO / 1_000_000n));
}

async function useSeed(next: number): Promise<void> {
  seed = next;
  tenant = `seed ${seed}`;
  random = new Random(seed);
  world = buildSmallWorld(random, TRACES);
  vocabulary = buildVocabulary(world);
  await insert(world, tenant);
}

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
  const scope = new TenantScope(tenant);
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

interface Checked {
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly types: AttributeTypes | undefined;
  readonly label: string;
}

/** The spans that are necessary and those that are sufficient, of each condition, of all that lie in the range. */
async function spansOfEach(checked: readonly Checked[], range: TimeRange) {
  const scope = new TenantScope(tenant);
  // Most are exact: what is necessary is sufficient, and computed once.
  const columns = new Map<string, number>();
  const columnOf = (sql: string): number => {
    const at = columns.get(sql) ?? columns.size;
    columns.set(sql, at);
    return at;
  };
  const places = checked.map(({ filter, types }) => {
    const condition = compileCondition(normalizeFilter(filter), { scope, range, ...(types && { types }) });
    const necessary = columnOf(condition.necessary);
    return { necessary, sufficient: isExact(condition) ? necessary : columnOf(condition.sufficient) };
  });
  const list = [...columns.keys()].map((sql) => `toUInt8(${sql})`).join(', ');
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  const statement = scope.statement(`SELECT ${SPAN_SQL} AS one, [${list}] AS holds ${source}`);
  const rows = await new StatementRunner(store, LIMITS).rows<{ one: string; holds: readonly number[] }>(statement);
  const where = (column: number) =>
    rows
      .filter(({ holds }) => holds[column] !== 0)
      .map(({ one }) => one)
      .toSorted();
  return places.map(({ necessary, sufficient }) => ({ necessary: where(necessary), sufficient: where(sufficient) }));
}

/** The same of one condition as a statement has it that asks for nothing else, where indexes have their say. */
async function spansByStatements({ filter, range, types }: Checked) {
  const conditionIn = (scope: TenantScope) => {
    return compileCondition(normalizeFilter(filter), { scope, range, ...(types && { types }) });
  };
  const necessary = await spansWhere((scope) => conditionIn(scope).necessary, range);
  const sufficient = isExact(conditionIn(new TenantScope(tenant)))
    ? necessary
    : await spansWhere((scope) => conditionIn(scope).sufficient, range);
  return { necessary, sufficient };
}

function judge(
  { filter, range, types, label }: Checked,
  found: { necessary: string[]; sufficient: string[] },
): Verdict {
  const wanted = spansThat(filter, range);
  const scope = new TenantScope(tenant);
  const exact = isExact(compileCondition(normalizeFilter(filter), { scope, range, ...(types && { types }) }));
  if (exact) {
    const { necessary } = found;
    expect({ missing: beyond(wanted, necessary), tooMany: beyond(necessary, wanted) }, label).toEqual({
      missing: [],
      tooMany: [],
    });
  }
  expect(beyond(wanted, found.necessary), `${label}: necessary`).toEqual([]);
  expect(beyond(found.sufficient, wanted), `${label}: sufficient`).toEqual([]);
  const all = spansThat(parseFilterSyntax('{ }').expression, range);
  return { isExact: exact, isTelling: wanted.length > 0 && wanted.length < all.length };
}

async function randomChecked(count: number, from: number): Promise<readonly Checked[]> {
  const range = randomRange();
  const filters = Array.from({ length: count }, () => randomCondition(random, vocabulary));
  const known = await loadAttributeTypes(new StatementRunner(store, LIMITS), tenant, ...filters);
  return filters.map((filter, at) => {
    const place = `{ ${printExpression(filter)} } in ${range.fromUnixNano}..${range.toUnixNano}`;
    const types = random.chance(0.8) ? known : undefined;
    return { filter, range, types, label: `seed ${seed}, condition ${from + at}: ${place}` };
  });
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
  const types = await loadAttributeTypes(new StatementRunner(store, LIMITS), tenant, expression);
  const scope = new TenantScope(tenant);
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

const ALL_SEEDS = Array.from({ length: SEEDS }, (_, at) => SEED + at);

describe.each(ALL_SEEDS)(`SQL of conditions and the evaluator (seed %i, ${CONDITIONS} conditions)`, (ownSeed) => {
  beforeAll(() => useSeed(ownSeed));

  it('agree', { timeout: 120_000 + CONDITIONS * 2_000 }, async () => {
    let exact = 0;
    let telling = 0;
    const failures: string[] = [];
    for (let done = 0; done < CONDITIONS && failures.length < 10; done += TOGETHER) {
      const checked = await randomChecked(Math.min(TOGETHER, CONDITIONS - done), done);
      const [first] = checked;
      const found = await spansOfEach(checked, first.range);
      const alone = await spansByStatements(first);
      for (const [at, one] of [...checked, first].entries()) {
        try {
          const verdict = judge(one, found[at] ?? alone);
          if (at === checked.length) break;
          if (verdict.isExact) exact++;
          if (verdict.isTelling) telling++;
        } catch (error) {
          failures.push(`${one.label}\n${error instanceof Error ? error.message.slice(0, 600) : String(error)}`);
        }
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
      const label = `seed ${seed}, value ${done}: ${printExpression(expression)}`;
      if (await checkValue(expression, randomRange(), label)) known++;
    }
    expect(known / count).toBeGreaterThan(0.4);
  });
});
