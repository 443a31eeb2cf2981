/** Random conditions of the whole field language, aimed at given traces. */
import type { AttributeValue } from '@clew/model';
import {
  type ArithmeticOperator,
  buildAttribute,
  buildComparison,
  buildIntrinsic,
  buildStatic,
  type ComparisonOperator,
  type FieldExpression,
  type FieldReference,
  type Static,
  validateFilter,
} from '@clew/traceql';
import type { FilterVocabulary } from './filter-vocabulary.ts';
import type { Random } from './random.ts';
import { literalFor, near, randomComparison, randomFilter, randomNumber } from './random-filter.ts';

const NOWHERE = { from: 0, to: 0 } as const;
const ORDER: readonly ComparisonOperator[] = ['=', '!=', '<', '<=', '>', '>='];
const ARITHMETIC: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '%', '^'];

/** What is tried before giving up on a shape whose types do not fit. */
const MAX_ATTEMPTS = 20;

/** A condition that passes `validateFilter`, at most `depth` logical operators deep. */
export function randomCondition(random: Random, vocabulary: FilterVocabulary, depth = 2): FieldExpression {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const condition = anyCondition(random, vocabulary, depth);
    if (isValid(condition)) return condition;
  }
  return randomFilter(random, vocabulary, depth);
}

function isValid(condition: FieldExpression): boolean {
  try {
    validateFilter(condition);
    return true;
  } catch {
    return false;
  }
}

function anyCondition(random: Random, vocabulary: FilterVocabulary, depth: number): FieldExpression {
  if (depth > 0 && random.chance(0.4)) {
    const below = () => randomCondition(random, vocabulary, depth - 1);
    if (random.chance(0.25)) return { kind: 'not', operand: below(), at: NOWHERE };
    return { kind: 'logical', operator: random.pick(['&&', '||']), left: below(), right: below(), at: NOWHERE };
  }
  switch (random.below(10)) {
    case 0:
      return furtherCondition(random, vocabulary);
    case 1:
      return occurrenceCondition(random, vocabulary);
    case 2:
      return parentCondition(random, vocabulary);
    case 3:
      return placeCondition(random);
    case 4:
      return arithmeticCondition(random, vocabulary);
    case 5:
      return fieldAgainstField(random, vocabulary);
    case 6:
      return conditionAsValue(random, vocabulary, depth);
    default:
      return randomFilter(random, vocabulary, 0);
  }
}

/** Attributes of events, links and instrumentation scopes. */
function furtherCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  if (vocabulary.further.length === 0) return placeCondition(random);
  const { scope, key, values } = random.pick(vocabulary.further);
  const field = buildAttribute(scope, key);
  if (random.chance(0.1)) return field;
  if (random.chance(0.2)) return buildComparison(field, random.pick(['=', '!=']), { type: 'nil' });
  return randomComparison(random, field, literalFor(random, random.pick(values)));
}

function occurrenceCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  const intrinsic = random.pick([
    ...(['event:name', 'event:name', 'event:timeSinceStart', 'link:traceID', 'link:spanID'] as const),
    ...(['instrumentation:name', 'instrumentation:version'] as const),
  ]);
  const field = buildIntrinsic(intrinsic);
  const known = vocabulary.intrinsics[intrinsic];
  if (known.length === 0 || random.chance(0.15)) return buildComparison(field, '!=', { type: 'nil' });
  return randomComparison(
    random,
    field,
    intrinsic === 'event:timeSinceStart' ? near(random, known) : random.pick(known),
  );
}

function parentCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  if (vocabulary.attributes.length === 0 || random.chance(0.3)) {
    return buildComparison(buildIntrinsic('parent'), random.pick(['=', '!=']), { type: 'nil' });
  }
  const { scope, key, values } = random.pick(vocabulary.attributes);
  const field: FieldExpression = { ...buildAttribute(random.pick(['any', scope, scope]), key), ofParent: true };
  if (random.chance(0.2)) return buildComparison(field, random.pick(['=', '!=']), { type: 'nil' });
  return randomComparison(random, field, literalFor(random, random.pick(values)));
}

function placeCondition(random: Random): FieldExpression {
  const intrinsic = random.pick([
    ...(['nestedSetParent', 'nestedSetParent', 'nestedSetLeft', 'nestedSetRight'] as const),
    ...(['span:childCount', 'span:childCount'] as const),
  ]);
  const value = BigInt(random.between(-1, intrinsic === 'nestedSetRight' ? 20 : 5));
  return buildComparison(buildIntrinsic(intrinsic), random.pick(ORDER), { type: 'int', value });
}

function arithmeticCondition(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  const left = calculation(random, vocabulary);
  if (random.chance(0.1)) return buildComparison(left, random.pick(['=', '!=']), { type: 'nil' });
  const right = random.chance(0.5) ? calculation(random, vocabulary) : buildStatic(smallNumber(random));
  return { kind: 'comparison', operator: random.pick(ORDER), left, right, at: NOWHERE };
}

/** A number made of fields. */
function calculation(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  if (random.chance(0.15))
    return { kind: 'negate', operand: randomNumericField(random, vocabulary, true), at: NOWHERE };
  const left = randomNumericField(random, vocabulary, true);
  const other = random.chance(0.3) ? calculation(random, vocabulary) : buildStatic(smallNumber(random));
  const right = random.chance(0.4) ? randomNumericField(random, vocabulary, true) : other;
  return { kind: 'arithmetic', operator: random.pick(ARITHMETIC), left, right, at: NOWHERE };
}

function fieldAgainstField(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  const operator = random.pick(ORDER);
  const left = randomField(random, vocabulary);
  // A field against the same one of the parent, or of another scope, holds more often than against any other.
  const twin: FieldExpression =
    left.kind === 'attribute' && left.ofParent !== true
      ? {
          ...left,
          ...random.pick([{ scope: 'any' }, { scope: 'resource' }, { scope: 'span', ofParent: true }] as const),
        }
      : randomField(random, vocabulary);
  return {
    kind: 'comparison',
    operator,
    left,
    right: random.chance(0.6) ? twin : randomField(random, vocabulary),
    at: NOWHERE,
  };
}

function conditionAsValue(random: Random, vocabulary: FilterVocabulary, depth: number): FieldExpression {
  const left = randomFilter(random, vocabulary, depth > 0 ? 1 : 0);
  const right = random.chance(0.5)
    ? buildStatic({ type: 'bool', value: random.chance(0.5) })
    : randomFilter(random, vocabulary, 0);
  return { kind: 'comparison', operator: random.pick(['=', '!=']), left, right, at: NOWHERE };
}

/**
 * A field that has a number for some spans. Sums of its numbers do not depend on the order of adding, unless
 * `anyNumber` also allows what is infinite, no number, or near the ends of 64 bits.
 */
export function randomNumericField(random: Random, vocabulary: FilterVocabulary, anyNumber = false): FieldReference {
  const attributes = vocabulary.attributes.filter(
    ({ values }) => values.some(isNumber) && (anyNumber || values.filter(isNumber).every(isHarmless)),
  );
  if (attributes.length > 0 && random.chance(0.55)) {
    const { scope, key } = random.pick(attributes);
    return buildAttribute(random.pick(['any', scope]), key);
  }
  return buildIntrinsic(
    random.pick(['duration', 'duration', 'traceDuration', 'span:childCount', 'nestedSetLeft', 'event:timeSinceStart']),
  );
}

type NumberValue = AttributeValue & { type: 'int' | 'double' };

function isNumber(value: AttributeValue): value is NumberValue {
  return value.type === 'int' || value.type === 'double';
}

/** A multiple of 1/1024 below 2^40: a million of them add up without rounding. */
function isHarmless({ value }: NumberValue): boolean {
  const number = Number(value);
  return Math.abs(number) < 2 ** 40 && Number.isInteger(number * 1024);
}

/** Any field that can be grouped by or selected. */
export function randomField(random: Random, vocabulary: FilterVocabulary): FieldReference {
  const known = [...vocabulary.attributes, ...vocabulary.attributes, ...vocabulary.further];
  if (known.length > 0 && random.chance(0.65)) {
    const { scope, key } = random.pick(known);
    const field = buildAttribute(scope, key);
    const hasParentForm = scope === 'span' || scope === 'resource';
    return hasParentForm && random.chance(0.1) ? { ...field, ofParent: true } : field;
  }
  return buildIntrinsic(
    random.pick([
      ...(['name', 'kind', 'status', 'statusMessage', 'duration', 'rootName', 'rootServiceName'] as const),
      ...(['span:childCount', 'nestedSetParent', 'event:name', 'instrumentation:name', 'span:parentID'] as const),
      ...(['nestedSetLeft', 'nestedSetRight', 'traceDuration', 'trace:id', 'span:id'] as const),
      ...(['event:timeSinceStart', 'link:traceID', 'link:spanID', 'instrumentation:version'] as const),
    ]),
  );
}

function smallNumber(random: Random): Static {
  switch (random.below(4)) {
    case 0:
      return { type: 'float', value: random.pick([0, 0.5, 1, -1.5, 2]) };
    case 1:
      return randomNumber(random);
    default:
      return { type: random.pick(['int', 'duration']), value: BigInt(random.between(-3, 7)) };
  }
}
