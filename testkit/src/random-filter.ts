/** Random TraceQL filters, aimed at given traces so that they match now and then: for differential tests. */
import type { AttributeValue } from '@clew/model';
import {
  buildAttribute,
  buildComparison,
  buildIntrinsic,
  buildStatic,
  type ComparisonOperator,
  type FieldExpression,
  type Intrinsic,
  type Static,
} from '@clew/traceql';
import type { FilterVocabulary } from './filter-vocabulary.ts';
import type { Random } from './random.ts';

export { buildVocabulary, type FilterVocabulary } from './filter-vocabulary.ts';

/** A filter of conditions "field against literal" that passes `validateFilter`, at most `depth` operators deep. */
export function randomFilter(random: Random, vocabulary: FilterVocabulary, depth = 3): FieldExpression {
  if (depth > 0 && random.chance(0.55)) {
    if (random.chance(0.25)) return { kind: 'not', operand: randomFilter(random, vocabulary, depth - 1), at: NOWHERE };
    return {
      kind: 'logical',
      operator: random.pick(['&&', '||']),
      left: randomFilter(random, vocabulary, depth - 1),
      right: randomFilter(random, vocabulary, depth - 1),
      at: NOWHERE,
    };
  }
  if (random.chance(0.02)) return buildStatic({ type: 'bool', value: random.chance(0.5) });
  return random.chance(0.55) ? attributeCondition(random, vocabulary) : intrinsicCondition(random, vocabulary);
}

/**
 * A tree of the whole expression language, arithmetic and comparisons of fields included. It can be printed and read
 * back, but need not pass `validateFilter`.
 */
export function randomExpression(random: Random, vocabulary: FilterVocabulary, depth = 4): FieldExpression {
  if (depth === 0 || random.chance(0.2)) return leaf(random, vocabulary);
  const below = () => randomExpression(random, vocabulary, depth - 1);
  switch (random.below(5)) {
    case 0:
      return { kind: 'not', operand: below(), at: NOWHERE };
    case 1: {
      // A minus sign before a number is part of the number, so no text means the negation of a number.
      const operand = below();
      const isLiteral = operand.kind === 'static';
      return { kind: 'negate', operand: isLiteral ? buildIntrinsic('duration') : operand, at: NOWHERE };
    }
    case 2:
      return { kind: 'logical', operator: random.pick(['&&', '||']), left: below(), right: below(), at: NOWHERE };
    case 3: {
      const operator = random.pick(['+', '-', '*', '/', '%', '^'] as const);
      return { kind: 'arithmetic', operator, left: below(), right: below(), at: NOWHERE };
    }
    default:
      return { kind: 'comparison', operator: random.pick(ALL), left: below(), right: below(), at: NOWHERE };
  }
}

const NOWHERE = { from: 0, to: 0 } as const;
const EQUALITY: readonly ComparisonOperator[] = ['=', '!='];
const ORDER: readonly ComparisonOperator[] = ['=', '!=', '<', '<=', '>', '>='];
const REGEX: readonly ComparisonOperator[] = ['=~', '!~'];
const ALL: readonly ComparisonOperator[] = [...ORDER, ...REGEX];

function leaf(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  switch (random.below(3)) {
    case 0: {
      const known = random.pick(vocabulary.attributes);
      const scope = random.pick(['any', 'span', 'resource', 'event', 'link', 'instrumentation'] as const);
      return buildAttribute(scope, known?.key ?? 'a');
    }
    case 1:
      return buildIntrinsic(random.pick(INTRINSICS));
    default:
      return buildStatic(randomStatic(random));
  }
}

const INTRINSICS: readonly Intrinsic[] = [
  ...(['name', 'duration', 'status', 'statusMessage', 'kind', 'traceDuration', 'rootName'] as const),
  ...(['rootServiceName', 'trace:id', 'span:id', 'span:parentID'] as const),
];

function attributeCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  if (vocabulary.attributes.length === 0 || random.chance(0.03)) {
    return buildComparison(buildAttribute(random.pick(['any', 'span', 'resource']), 'no.such.key'), '!=', TEXT_X);
  }
  const known = random.pick(vocabulary.attributes);
  const scope = random.pick(['any', known.scope, known.scope, 'span', 'resource'] as const);
  const field = buildAttribute(scope, known.key);
  if (random.chance(0.1)) return field;
  if (random.chance(0.15)) {
    const isService = scope === 'resource' && known.key === 'service.name';
    return buildComparison(field, isService ? '!=' : random.pick(EQUALITY), { type: 'nil' });
  }
  const literal = random.chance(0.85) ? literalFor(random, random.pick(known.values)) : randomStatic(random);
  return randomComparison(random, field, literal);
}

const TEXT_X: Static = { type: 'string', value: 'x' };

function intrinsicCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  const intrinsic = random.pick(INTRINSICS);
  const field = buildIntrinsic(intrinsic);
  if (random.chance(0.08)) return buildComparison(field, '!=', { type: 'nil' });
  if (intrinsic === 'status') {
    return randomComparison(random, field, { type: 'status', value: random.below(3) });
  }
  if (intrinsic === 'kind') return randomComparison(random, field, { type: 'kind', value: random.below(6) });
  const known = vocabulary.intrinsics[intrinsic];
  if (intrinsic === 'duration' || intrinsic === 'traceDuration') {
    return randomComparison(
      random,
      field,
      known.length > 0 && random.chance(0.8) ? near(random, known) : randomNumber(random),
    );
  }
  const literal = known.length > 0 && random.chance(0.9) ? random.pick(known) : TEXT_X;
  return randomComparison(random, field, intrinsic.includes(':') ? respelledId(random, literal) : literal);
}

/** Ids may have capitals and lack their leading zeros. */
function respelledId(random: Random, literal: Static): Static {
  if (literal.type !== 'string' || random.chance(0.6)) return literal;
  const short = random.chance(0.6) ? literal.value.replace(/^0+/, '') : literal.value;
  return { type: 'string', value: random.chance(0.5) ? short.toUpperCase() : short };
}

/** A comparison that passes the type check, now and then with the literal on the left. */
export function randomComparison(random: Random, field: FieldExpression, literal: Static): FieldExpression {
  if (literal.type === 'string' && random.chance(0.25)) {
    return buildComparison(field, random.pick(REGEX), { type: 'string', value: randomPattern(random, literal.value) });
  }
  const isOrdered =
    literal.type !== 'bool' && literal.type !== 'status' && literal.type !== 'kind' && literal.type !== 'nil';
  const operator = random.chance(0.5) ? '=' : random.pick(isOrdered ? ORDER : EQUALITY);
  const condition = buildComparison(field, operator, literal);
  if (condition.kind !== 'comparison' || !random.chance(0.15)) return condition;
  return { ...condition, left: condition.right, right: condition.left };
}

/** A literal that equals the value, or is close to it. */
export function literalFor(random: Random, value: AttributeValue): Static {
  switch (value.type) {
    case 'string':
      if (random.chance(0.8)) return value;
      return { type: 'string', value: random.chance(0.5) ? `${value.value} ` : [...value.value].slice(0, 1).join('') };
    case 'bool':
      return { type: 'bool', value: random.chance(0.5) };
    case 'int':
      return near(random, [value]);
    case 'double':
      return Number.isFinite(value.value)
        ? near(random, [{ type: 'float', value: value.value }])
        : randomNumber(random);
    case 'array':
      return value.value.length > 0 ? literalFor(random, random.pick(value.value)) : randomStatic(random);
    default:
      return randomStatic(random);
  }
}

/** One of the numbers, the same number as another type, or a neighbour. */
export function near(random: Random, known: readonly Static[]): Static {
  const literal = random.pick(known);
  if (literal.type === 'float') {
    if (random.chance(0.3) && Math.abs(literal.value) < 2 ** 62) {
      return { type: random.pick(['int', 'duration']), value: BigInt(Math.floor(literal.value)) };
    }
    return random.chance(0.7) ? literal : { type: 'float', value: literal.value + random.between(-1, 1) };
  }
  if (literal.type !== 'int' && literal.type !== 'duration') return literal;
  if (random.chance(0.2)) return { type: 'float', value: Number(literal.value) };
  const moved = literal.value + BigInt(random.between(-1, 1));
  const fits = moved === BigInt.asIntN(64, moved);
  return { type: random.pick(['int', 'duration']), value: fits ? moved : literal.value };
}

export function randomNumber(random: Random): Static {
  switch (random.below(3)) {
    case 0:
      return { type: 'int', value: BigInt(random.between(-1000, 1000)) };
    case 1:
      return { type: 'float', value: (random.float() - 0.5) * 10 ** random.between(-3, 20) };
    default:
      return { type: 'duration', value: BigInt(random.below(2 ** 40)) };
  }
}

function randomStatic(random: Random): Static {
  switch (random.below(7)) {
    case 0:
      return { type: 'bool', value: random.chance(0.5) };
    case 1:
      return { type: 'string', value: random.pick(['', 'x', 'GET', 'a "quoted" \\ text\n', 'ünïcödé 😀', '\u0001']) };
    case 2:
      return { type: 'status', value: random.below(3) };
    case 3:
      return { type: 'kind', value: random.below(6) };
    default:
      return randomNumber(random);
  }
}

const SPECIAL = /[\\^$.*+?()[\]{}|]/g;
const quotedEnd = (text: string): string => [...text].slice(-2).join('').replace(SPECIAL, '\\$&');

/** A valid pattern made from a text, so that it matches now and then. */
function randomPattern(random: Random, text: string): string {
  const short = [...text].slice(0, 40).join('');
  const quoted = short.replace(SPECIAL, '\\$&');
  const letters = [...short];
  const first = (letters[0] ?? '').replace(SPECIAL, '\\$&');
  return random.pick([
    quoted,
    `${first}.*`,
    '.*',
    '.+',
    `.*${quoted}.*`,
    `x|${quoted}`,
    `(?i)${quoted}`,
    '[a-z]+',
    '',
    '(?s).*',
    `.*${quotedEnd(short)}`,
    `(${quoted}|x)?`,
    `^${quoted}$`,
    `(?:${quoted}){1,2}|[[:upper:]].*`,
    `(?i:${quoted})`,
    String.raw`\w+ ?.?\w*`,
    '[^/%_]*',
    String.raw`.*[\\%_'].*`,
    String.raw`\PL*`,
  ]);
}
