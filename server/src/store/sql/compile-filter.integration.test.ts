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
import { buildStatic, type FieldExpression, normalizeFilter, printExpression } from '@clew/traceql';
import { compileExpression, compileCondition as evaluatorOf } from '@clew/traceql/evaluate/compile-expression';
import { isInRange } from '@clew/traceql/evaluate/is-in-range';
import { attributeText } from '@clew/traceql/evaluate/plain-value';
import { splitTraces, type TraceSpans } from '@clew/traceql/evaluate/trace-spans';
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
import { type Condition, isExact } from './condition.ts';
import { startInRange } from './start-range.ts';
import { TenantScope, type TenantStatement } from './tenant-scope.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const CONDITIONS = Number(process.env.CLEW_DIFFERENTIAL_CONDITIONS ?? 1_500);
const NOWHERE = { from: 0, to: 0 } as const;
const TRACES = 60;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
/** A busy machine is no difference. */
const LIMITS: ReadLimits = { ...DEFAULT_READ_LIMITS, timeoutMs: 120_000 };

/** Conditions that one statement computes. */
const TOGETHER = 100;
/** Of each of these so many are also asked for by a statement of their own. */
const ALONE = 2;
/**
 * The engine parses and plans for a millisecond in 40 characters of SQL, however few rows there are: one condition in
 * six costs more than all others together. Of these a share is asked.
 */
const LONG_SQL = 800;
const LONG_SHARE = Number(process.env.CLEW_DIFFERENTIAL_LONG_SHARE ?? 0.05);

let store: TestStore;
// Of the seed at hand.
let seed = SEED;
let tenant = '';
let random = new Random(SEED);
let world: TraceData = { resourceSpans: [] };
let vocabulary = buildVocabulary(world);
/** Long conditions that were not asked. */
let leftOut = 0;

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
  traces = splitTraces(world);
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
  const rows = await rowsOf<{ one: string }>(scope.statement(`SELECT ${SPAN_SQL} AS one ${source}`));
  return rows.map(({ one }) => one).toSorted();
}

function rowsOf<T>(statement: TenantStatement): Promise<readonly T[]> {
  return new StatementRunner(store, LIMITS).rows<T>(statement);
}

/** Every span of the world, each trace taken apart once. */
let traces: readonly TraceSpans[] = [];

/** What a test says of each span in the range, as texts, sorted. */
function spansThat(holds: (trace: TraceSpans, position: number) => boolean, range: TimeRange): string[] {
  const found: string[] = [];
  for (const trace of traces) {
    for (const [position, { span }] of trace.spans.entries()) {
      if (isInRange(span, range) && holds(trace, position)) found.push(spanText(span));
    }
  }
  return found.toSorted();
}

/** What is in `a` and not in `b`, both sorted. */
function beyond(a: readonly string[], b: readonly string[]): string[] {
  let at = 0;
  return a.filter((one) => {
    while (at < b.length && b[at] < one) at++;
    if (b[at] !== one) return true;
    at++;
    return false;
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

function compiled({ filter, range, types }: Checked, scope: TenantScope): Condition {
  return compileCondition(normalizeFilter(filter), { scope, range, ...(types && { types }) });
}

/** The spans that are necessary and those that are sufficient. */
interface Bounds {
  readonly necessary: readonly string[];
  readonly sufficient: readonly string[];
}

/**
 * The bounds of each condition from one statement over all spans in the range. Of those that the engine refuses
 * together each is asked by itself: one of them is at fault.
 */
async function boundsOfEach(checked: readonly Checked[], range: TimeRange): Promise<readonly (Bounds | Error)[]> {
  const scope = new TenantScope(tenant);
  // Most are exact: what is necessary is sufficient, and computed once.
  const columns = new Map<string, number>();
  const columnOf = (sql: string): number => {
    const at = columns.get(sql) ?? columns.size;
    columns.set(sql, at);
    return at;
  };
  const places = checked.map((one) => {
    const { necessary, sufficient } = compiled(one, scope);
    return { necessary: columnOf(necessary), sufficient: columnOf(sufficient) };
  });
  const list = [...columns.keys()].map((sql) => `toString(toUInt8(${sql}))`).join(', ');
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  const statement = scope.statement(`SELECT ${SPAN_SQL} AS one, arrayStringConcat([${list}]) AS holds ${source}`);
  try {
    const rows = (await rowsOf<{ one: string; holds: string }>(statement)).toSorted((a, b) => (a.one < b.one ? -1 : 1));
    const where = (column: number) => rows.filter(({ holds }) => holds[column] !== '0').map(({ one }) => one);
    return places.map(({ necessary, sufficient }) => ({ necessary: where(necessary), sufficient: where(sufficient) }));
  } catch (error) {
    if (checked.length === 1) return [error instanceof Error ? error : new Error(String(error))];
    const each: (Bounds | Error)[] = [];
    for (const one of checked) each.push(...(await boundsOfEach([one], range)));
    return each;
  }
}

/** The same of one condition as a statement has it that asks for nothing else, where indexes have their say. */
async function boundsByStatements(one: Checked): Promise<Bounds> {
  const necessary = await spansWhere((scope) => compiled(one, scope).necessary, one.range);
  const sufficient = isExact(compiled(one, new TenantScope(tenant)))
    ? necessary
    : await spansWhere((scope) => compiled(one, scope).sufficient, one.range);
  return { necessary, sufficient };
}

/** @throws when the bounds are wrong. */
function judge(one: Checked, found: Bounds | Error, inRange: readonly string[]): Verdict {
  if (found instanceof Error) throw found;
  const wanted = spansThat(evaluatorOf(one.filter), one.range);
  const { necessary, sufficient } = compiled(one, new TenantScope(tenant));
  const lost = beyond(wanted, found.necessary);
  const tooMany = beyond(found.sufficient, wanted);
  expect({ lost, tooMany }, one.label).toEqual({ lost: [], tooMany: [] });
  return {
    isExact: necessary === sufficient,
    isTelling: wanted.length > 0 && wanted.length < inRange.length,
  };
}

/** So many conditions; long ones only now and then. */
async function randomChecked(count: number, from: number): Promise<readonly Checked[]> {
  const range = randomRange();
  const checked: Checked[] = [];
  while (checked.length < count) {
    const filters = Array.from({ length: count }, () => randomCondition(random, vocabulary));
    const known = await loadAttributeTypes(new StatementRunner(store, LIMITS), tenant, ...filters);
    for (const filter of filters) {
      const place = `{ ${printExpression(filter)} } in ${range.fromUnixNano}..${range.toUnixNano}`;
      const label = `seed ${seed}, condition ${from + checked.length}: ${place}`;
      const one = { filter, range, types: random.chance(0.9) ? known : undefined, label };
      const { necessary, sufficient } = compiled(one, new TenantScope(tenant));
      const isLong = Math.max(necessary.length, sufficient.length) > LONG_SQL;
      if (!isLong || random.chance(LONG_SHARE)) checked.push(one);
      else leftOut++;
    }
  }
  return checked.slice(0, count);
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

interface CheckedValue {
  readonly expression: FieldExpression;
  readonly label: string;
}

/** What SQL and the evaluator say of each value, span by span; undefined for what SQL cannot say. */
async function checkValues(checked: readonly CheckedValue[], range: TimeRange): Promise<number> {
  const expressions = checked.map(({ expression }) => expression);
  const types = await loadAttributeTypes(new StatementRunner(store, LIMITS), tenant, ...expressions);
  const scope = new TenantScope(tenant);
  const said = checked.flatMap((one) => {
    const value = tryCompileExpressionValue(one.expression, { scope, range, types });
    return value === undefined ? [] : [{ ...one, value }];
  });
  const texts = said.map(({ value: { int, double, tagged } }) => {
    return `(${tagged}, ifNull(toString(${int}), ifNull(toString(${double} + 0.), '')))`;
  });
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  type Row = { readonly one: string; readonly said: readonly (readonly [tagged: string, digits: string])[] };
  const rows = await rowsOf<Row>(scope.statement(`SELECT ${SPAN_SQL} AS one, [${texts.join(', ')}] AS said ${source}`));
  for (const [at, { expression, label }] of said.entries()) {
    const read = compileExpression(expression);
    const wanted = traces.flatMap((trace) =>
      [...trace.spans.entries()]
        .filter(([, { span }]) => isInRange(span, range))
        .map(([position, { span }]) => {
          const tagged = taggedValue(read(trace, position));
          const single = singleValue(read(trace, position));
          const isNumber = single?.type === 'int' || single?.type === 'float' || single?.type === 'duration';
          return `${spanText(span)}\t${tagged}\t${isNumber ? tagged.slice(1) : ''}`;
        }),
    );
    const spelled = rows.map(({ one, said: values }) => {
      const [tagged, digits] = values[at];
      const respelt = respelled(tagged);
      return `${one}\t${respelt}\t${digits === '' ? '' : tagged.startsWith('d') ? respelt.slice(1) : digits}`;
    });
    expect(spelled.toSorted(), label).toEqual(wanted.toSorted());
  }
  return said.length;
}

const ALL_SEEDS = Array.from({ length: SEEDS }, (_, at) => SEED + at);

describe.each(ALL_SEEDS)(`SQL of conditions and the evaluator (seed %i, ${CONDITIONS} conditions)`, (ownSeed) => {
  beforeAll(() => useSeed(ownSeed));

  it('agree', { timeout: 300_000 + CONDITIONS * 200 }, async () => {
    let [exact, telling, alone] = [0, 0, 0];
    const failures: string[] = [];
    for (let done = 0; done < CONDITIONS && failures.length < 10; done += TOGETHER) {
      const checked = await randomChecked(Math.min(TOGETHER, CONDITIONS - done), done);
      const [first] = checked;
      const inRange = spansThat(() => true, first.range);
      const found: (Bounds | Error)[] = [...(await boundsOfEach(checked, first.range))];
      const few = checked.slice(0, ALONE);
      for (const one of few) found.push(await boundsByStatements(one));
      alone += few.length;
      for (const [at, one] of [...checked, ...few].entries()) {
        try {
          const verdict = judge(one, found[at], inRange);
          if (at >= checked.length) continue;
          if (verdict.isExact) exact++;
          if (verdict.isTelling) telling++;
        } catch (error) {
          failures.push(`${one.label}\n${error instanceof Error ? error.message.slice(0, 600) : String(error)}`);
        }
      }
    }
    expect(failures.join('\n\n')).toBe('');
    const kinds = `${exact} exact, ${telling} tell spans apart, ${alone} also alone, ${leftOut} long ones left out`;
    console.log(`seed ${seed}: ${CONDITIONS} conditions, ${kinds}`);
    expect(exact / CONDITIONS).toBeGreaterThan(0.5);
    expect(telling / CONDITIONS).toBeGreaterThan(0.25);
  });

  it('agree on values', { timeout: 300_000 + CONDITIONS * 200 }, async () => {
    const count = Math.ceil(CONDITIONS / 5);
    let known = 0;
    for (let done = 0; done < count; done += TOGETHER) {
      const range = randomRange();
      const checked = Array.from({ length: Math.min(TOGETHER, count - done) }, (_, at) => {
        const expression = randomValue();
        return { expression, label: `seed ${seed}, value ${done + at}: ${printExpression(expression)}` };
      });
      known += await checkValues(checked, range);
    }
    console.log(`seed ${seed}: ${count} values, of which SQL says ${known}`);
    expect(known / count).toBeGreaterThan(0.4);
  });
});
