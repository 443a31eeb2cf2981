/** A field against a literal: asked where the field is stored, in the form that indexes understand. */
import { UNKNOWN_SERVICE } from '@clew/model';
import type { ComparisonOperator, Field, Static } from '@clew/traceql';
import { AttributeMaps } from './attribute-maps.ts';
import { bindLiteral, bindTexts, compareBranches, compareMany } from './compare-branch.ts';
import type { CompileContext } from './compile-context.ts';
import { type Condition, exactly } from './condition.ts';
import { instrumentationText } from './field-value.ts';
import { intrinsicBranch, NO_PARENT_SQL } from './intrinsic-branches.ts';
import { INSTRUMENTATION, RESOURCE, referredCondition } from './lookups.ts';
import { isOccurrenceIntrinsic, occurrenceAttribute, occurrenceIntrinsic } from './occurrence-values.ts';
import { tryAlternatives } from './regex-shape.ts';
import { isTraceIntrinsic, traceFact } from './trace-facts.ts';
import { isTreeIntrinsic, treeCondition } from './tree-intrinsics.ts';
import { anyOf, type Literal, type ValueBranch } from './value-branch.ts';
import { spansOfTraces } from './whole-traces.ts';

type Attribute = Field & { kind: 'attribute' };

/** @param literal `nil` asks whether the field is there. */
export function compareField(
  field: Field,
  operator: ComparisonOperator,
  literal: Static,
  context: CompileContext,
): Condition {
  if (field.kind === 'intrinsic' && isTreeIntrinsic(field.intrinsic)) {
    if (literal.type === 'nil') return exactly(String(operator === '!='));
    return treeCondition(field.intrinsic, operator, literal);
  }
  const texts = operator === '=~' || operator === '!~' ? tryTexts(literal) : undefined;
  if (texts !== undefined) return compareTexts(field, operator === '=~' ? '=' : '!=', texts, context);
  return compareBound(field, operator, bindLiteral(literal, context.scope.parameters), context);
}

/** The texts that a pattern matches where these are few and known. */
function tryTexts(pattern: Static): string[] | undefined {
  const alternatives = pattern.type === 'string' ? tryAlternatives(pattern.value) : undefined;
  if (alternatives === undefined || alternatives.some((texts) => texts.length > 1)) return undefined;
  return alternatives.map(([text]) => text);
}

/** Whether the field is one of these texts, or is text and none of them. */
export function compareTexts(
  field: Field,
  operator: '=' | '!=',
  texts: readonly string[],
  context: CompileContext,
): Condition {
  const { parameters } = context.scope;
  const bound =
    texts.length === 1 ? bindLiteral({ type: 'string', value: texts[0] }, parameters) : bindTexts(texts, parameters);
  return compareBound(field, operator, bound, context);
}

function compareBound(
  field: Field,
  operator: ComparisonOperator,
  bound: Literal | undefined,
  context: CompileContext,
): Condition {
  if (field.kind === 'attribute' && field.ofParent === true) return ofParent(field, operator, bound, context);
  if (bound === undefined) {
    const exists = fieldExists(field, context);
    return exactly(operator === '!=' ? exists : negatedExistence(exists));
  }
  if (field.kind === 'attribute') return exactly(compareAttribute(field, operator, bound, context));
  return exactly(compareIntrinsic(field.intrinsic, operator, bound, context));
}

function negatedExistence(exists: string): string {
  if (exists === 'false') return 'true';
  return exists === 'true' ? 'false' : `(NOT ${exists})`;
}

function compareIntrinsic(
  intrinsic: (Field & { kind: 'intrinsic' })['intrinsic'],
  operator: ComparisonOperator,
  literal: Literal,
  context: CompileContext,
): string {
  const { scope } = context;
  const { parameters } = scope;
  if (isTraceIntrinsic(intrinsic)) {
    const fact = traceFact(intrinsic, context);
    const condition = compareBranches([fact.branch], operator, literal, parameters);
    return condition === 'false' ? 'false' : fact.tracesWhere(condition);
  }
  if (isOccurrenceIntrinsic(intrinsic)) {
    return compareMany(occurrenceIntrinsic(intrinsic).many, operator, literal, parameters);
  }
  if (intrinsic === 'instrumentation:name' || intrinsic === 'instrumentation:version') {
    const { columns } = instrumentationText(intrinsic);
    const branch: ValueBranch = { type: 'string', label: 'string', value: columns.string ?? "''" };
    return referredCondition(INSTRUMENTATION, scope, compareBranches([branch], operator, literal, parameters));
  }
  return compareBranches([intrinsicBranch(intrinsic)], operator, literal, parameters);
}

function compareAttribute(
  field: Attribute,
  operator: ComparisonOperator,
  literal: Literal,
  context: CompileContext,
): string {
  const { scope, types } = context;
  const { parameters } = scope;
  const { key } = field;
  const inRow = (maps: AttributeMaps): string => compareMaps(maps, operator, literal, context);
  const inResource = (): string => {
    const maps = new AttributeMaps(key, parameters, 'resource', types);
    if (key === 'service.name' && literal.type === 'string') {
      return compareServiceName(maps, operator, literal, context);
    }
    return referredCondition(RESOURCE, scope, inRow(maps));
  };
  switch (field.scope) {
    case 'resource':
      return inResource();
    case 'span':
      return inRow(new AttributeMaps(key, parameters, 'span', types));
    case 'instrumentation': {
      const maps = new AttributeMaps(key, parameters, 'instrumentation', types);
      return referredCondition(INSTRUMENTATION, scope, inRow(maps));
    }
    case 'event':
    case 'link':
      return compareMany(occurrenceAttribute(field, field.scope, context).many, operator, literal, parameters);
    case 'any': {
      const maps = new AttributeMaps(key, parameters, 'span', types);
      const inSpan = inRow(maps);
      // A span's own attribute hides the resource's, whatever its type.
      const inherited = inResource();
      if (inherited === 'false') return inSpan;
      const { exists } = maps;
      return exists === 'false' ? inherited : anyOf([inSpan, `(NOT ${exists} AND ${inherited})`]);
    }
  }
}

function compareMaps(
  maps: AttributeMaps,
  operator: ComparisonOperator,
  literal: Literal,
  { scope }: CompileContext,
): string {
  return anyOf([
    compareBranches(maps.branches(), operator, literal, scope.parameters),
    compareMany(maps.many, operator, literal, scope.parameters),
  ]);
}

/**
 * The text of `resource.service.name` is answered by the `service` column, the first of the sort key after the tenant.
 * That column says "unknown_service" for a resource without (or with an empty) name too, so these rows, and only
 * these, are looked up.
 */
function compareServiceName(
  maps: AttributeMaps,
  operator: ComparisonOperator,
  literal: Literal,
  context: CompileContext,
): string {
  const { scope } = context;
  const named: ValueBranch = {
    type: 'string',
    label: 'string',
    when: `service != '${UNKNOWN_SERVICE}'`,
    value: 'service',
    equals: ({ constant, sql }) => (isUnnamed(String(constant)) ? 'false' : `service = ${sql}`),
    oneOf: ({ texts, sql }) => (texts.some(isUnnamed) ? undefined : `service IN ${sql}`),
  };
  const inColumn = compareBranches([named], operator, literal, scope.parameters);
  const text = (): ValueBranch[] => maps.branches().filter((branch) => branch.type === 'string');
  const isPlainName = inColumn === `service = ${literal.sql}` || inColumn === `service IN ${literal.sql}`;
  const unnamed = anyOf([
    isPlainName ? 'false' : compareBranches(text(), operator, literal, scope.parameters),
    compareMany(maps.many, operator, literal, scope.parameters),
  ]);
  const inResource = referredCondition(RESOURCE, scope, unnamed);
  if (inResource === 'false') return inColumn;
  return anyOf([inColumn, `(service = '${UNKNOWN_SERVICE}' AND ${inResource})`]);
}

/** The column cannot tell a service of this name from one without. */
function isUnnamed(name: string): boolean {
  return name === UNKNOWN_SERVICE || name === '';
}

function fieldExists(field: Field, context: CompileContext): string {
  const { scope, types } = context;
  if (field.kind === 'intrinsic') {
    const { intrinsic } = field;
    if (isTraceIntrinsic(intrinsic)) {
      return intrinsic === 'traceDuration' ? 'true' : traceFact(intrinsic, context).tracesWhere(undefined);
    }
    if (isOccurrenceIntrinsic(intrinsic)) return occurrenceIntrinsic(intrinsic).exists;
    if (intrinsic === 'instrumentation:name' || intrinsic === 'instrumentation:version') return 'true';
    return isTreeIntrinsic(intrinsic) ? 'true' : (intrinsicBranch(intrinsic).when ?? 'true');
  }
  const { key } = field;
  const existsIn = (owner: 'span' | 'resource' | 'instrumentation'): string =>
    new AttributeMaps(key, scope.parameters, owner, types).exists;
  switch (field.scope) {
    case 'span':
      return existsIn('span');
    case 'resource':
      return referredCondition(RESOURCE, scope, existsIn('resource'));
    case 'instrumentation':
      return referredCondition(INSTRUMENTATION, scope, existsIn('instrumentation'));
    case 'event':
    case 'link':
      return occurrenceAttribute(field, field.scope, context).exists;
    case 'any':
      return anyOf([existsIn('span'), referredCondition(RESOURCE, scope, existsIn('resource'))]);
  }
}

/**
 * Attributes of the parent span. Of several spans with its id only one is the parent, which the rows of one statement
 * do not tell cheaply: that any of them satisfies the condition is necessary.
 */
function ofParent(
  field: Attribute,
  operator: ComparisonOperator,
  literal: Literal | undefined,
  context: CompileContext,
): Condition {
  if (literal === undefined && operator === '=') return { necessary: 'true', sufficient: `(${NO_PARENT_SQL})` };
  const inParent: Attribute = { kind: 'attribute', scope: field.scope, key: field.key, at: field.at };
  const condition =
    literal === undefined ? fieldExists(inParent, context) : compareAttribute(inParent, operator, literal, context);
  if (condition === 'false') return exactly('false');
  const parents = spansOfTraces('trace_id, span_id', condition, context);
  return {
    necessary: `(NOT ${NO_PARENT_SQL} AND (trace_id, parent_span_id) IN (${parents}))`,
    sufficient: 'false',
  };
}
