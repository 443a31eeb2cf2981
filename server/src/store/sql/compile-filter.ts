/**
 * TraceQL filter → SQL condition on a row of `spans`, with bound values only. What it means is defined by
 * packages/traceql/SEMANTICS.md; the in-memory evaluator is the judge (differential.integration.test.ts).
 * Conditions are two-valued: a field that is not there makes a comparison false, never null.
 */
import type { TraceId } from '@clew/model';
import type { ComparisonOperator, FieldExpression, Static } from '@clew/traceql';
import type { TimeRange } from '../span-store.ts';
import { AttributeMaps } from './attribute-maps.ts';
import { bindLiteral, compareBranches, flipped } from './compare-branch.ts';
import { intrinsicBranch } from './intrinsic-branches.ts';
import { resourceCondition, serviceNameCondition } from './resource-conditions.ts';
import type { TenantScope } from './tenant-scope.ts';
import { traceFact } from './trace-facts.ts';
import { anyOf, type Literal, type ValueBranch } from './value-branch.ts';

export interface FilterContext {
  /** Of the statement the condition becomes part of. */
  readonly scope: TenantScope;
  /** Range of the statement: bounds the look-ups of root spans and trace durations. */
  readonly range: TimeRange;
  /** Where the statement is about a few known traces only. */
  readonly traceIds?: readonly TraceId[];
}

type Field = FieldExpression & { kind: 'attribute' | 'intrinsic' };

/** A query that is correct TraceQL but that the store cannot answer yet. The validator refuses these first. */
export class UnsupportedFilterError extends Error {
  readonly code = 'TRACEQL_NOT_YET';

  constructor(what: string) {
    super(`${what}: not supported by the store yet. Compare a field with a literal.`);
    this.name = 'UnsupportedFilterError';
  }
}

/** @throws UnsupportedFilterError */
export function compileFilter(expression: FieldExpression, context: FilterContext): string {
  switch (expression.kind) {
    case 'static':
      return expression.static.type === 'bool' ? String(expression.static.value) : 'false';
    case 'attribute':
      return compareField(expression, '=', { type: 'bool', value: true }, context);
    case 'not':
      return compileNot(expression.operand, context);
    case 'logical':
      return compileChain(expression, context);
    case 'comparison':
      return compileComparison(expression, context);
    case 'intrinsic':
    case 'negate':
    case 'arithmetic':
      throw new UnsupportedFilterError(`${expression.kind} as a condition`);
  }
}

/** `!.key` asks for a bool that is false; `!(condition)` for the opposite of the condition. */
function compileNot(operand: FieldExpression, context: FilterContext): string {
  if (operand.kind === 'attribute') return compareField(operand, '=', { type: 'bool', value: false }, context);
  return `(NOT ${compileFilter(operand, context)})`;
}

/** A chain of one operator becomes one list: the engine's parser limits nesting, not length. */
function compileChain(expression: FieldExpression & { kind: 'logical' }, context: FilterContext): string {
  const operands: string[] = [];
  let rest: FieldExpression = expression;
  while (rest.kind === 'logical' && rest.operator === expression.operator) {
    operands.push(compileFilter(rest.right, context));
    rest = rest.left;
  }
  operands.push(compileFilter(rest, context));
  return `(${operands.reverse().join(expression.operator === '&&' ? ' AND ' : ' OR ')})`;
}

function compileComparison(expression: FieldExpression & { kind: 'comparison' }, context: FilterContext): string {
  const { left, operator, right } = expression;
  if (isField(left) && right.kind === 'static') return compareField(left, operator, right.static, context);
  if (left.kind === 'static' && isField(right)) return compareField(right, flipped(operator), left.static, context);
  if (left.kind === 'static' && right.kind === 'static') {
    return compareStatics(left.static, operator, right.static, context);
  }
  throw new UnsupportedFilterError(`${left.kind} ${operator} ${right.kind}`);
}

function isField(expression: FieldExpression): expression is Field {
  return expression.kind === 'attribute' || expression.kind === 'intrinsic';
}

function compareStatics(left: Static, operator: ComparisonOperator, right: Static, { scope }: FilterContext): string {
  const leftLiteral = bindLiteral(left, scope.parameters);
  const rightLiteral = bindLiteral(right, scope.parameters);
  if (leftLiteral === undefined || rightLiteral === undefined) {
    return String(operator === '!=' && (leftLiteral ?? rightLiteral) !== undefined);
  }
  const branch: ValueBranch = { type: leftLiteral.type, value: leftLiteral.sql };
  return compareBranches([branch], operator, rightLiteral, scope.parameters);
}

/** `field operator literal`, with `= nil` and `!= nil` as "is not there" and "is there". */
function compareField(field: Field, operator: ComparisonOperator, literal: Static, context: FilterContext): string {
  const bound = bindLiteral(literal, context.scope.parameters);
  if (bound === undefined) {
    if (operator !== '=' && operator !== '!=') return 'false';
    const exists = fieldExists(field, context);
    return operator === '!=' ? exists : `(NOT ${exists})`;
  }
  return field.kind === 'attribute'
    ? compareAttribute(field, operator, bound, context)
    : compareIntrinsic(field, operator, bound, context);
}

function compareIntrinsic(
  { intrinsic }: Field & { kind: 'intrinsic' },
  operator: ComparisonOperator,
  literal: Literal,
  context: FilterContext,
): string {
  const { parameters } = context.scope;
  switch (intrinsic) {
    case 'traceDuration':
    case 'rootName':
    case 'rootServiceName': {
      const fact = traceFact(intrinsic, context);
      return fact.tracesWhere(compareBranches([fact.branch], operator, literal, parameters));
    }
    default:
      return compareBranches([intrinsicBranch(intrinsic)], operator, literal, parameters);
  }
}

function compareAttribute(
  { scope: attributeScope, key }: Field & { kind: 'attribute' },
  operator: ComparisonOperator,
  literal: Literal,
  { scope }: FilterContext,
): string {
  const { parameters } = scope;
  const inResource = (): string => {
    if (key === 'service.name' && literal.type === 'string') {
      return serviceNameCondition(scope, (branch) => compareBranches([branch], operator, literal, parameters), literal);
    }
    const attribute = new AttributeMaps(key, parameters, false);
    return resourceCondition(scope, compareBranches(attribute.branches(), operator, literal, parameters));
  };
  switch (attributeScope) {
    case 'resource':
      return inResource();
    case 'span':
    case 'any': {
      const attribute = new AttributeMaps(key, parameters, true);
      const inSpan = compareBranches(attribute.branches(), operator, literal, parameters);
      // A span's own attribute hides the resource's, whatever its type.
      return attributeScope === 'span' ? inSpan : anyOf([inSpan, `(NOT ${attribute.exists} AND ${inResource()})`]);
    }
    default:
      throw new UnsupportedFilterError(`attributes of scope ${attributeScope}`);
  }
}

function fieldExists(field: Field, context: FilterContext): string {
  const { scope } = context;
  if (field.kind === 'intrinsic') {
    switch (field.intrinsic) {
      case 'traceDuration':
      case 'rootName':
      case 'rootServiceName':
        return traceFact(field.intrinsic, context).tracesWhere(undefined);
      default:
        return intrinsicBranch(field.intrinsic).when ?? 'true';
    }
  }
  const inSpan = new AttributeMaps(field.key, scope.parameters, true).exists;
  const inResource = (): string => {
    return resourceCondition(scope, new AttributeMaps(field.key, scope.parameters, false).exists);
  };
  switch (field.scope) {
    case 'span':
      return inSpan;
    case 'resource':
      return inResource();
    case 'any':
      return anyOf([inSpan, inResource()]);
    default:
      throw new UnsupportedFilterError(`attributes of scope ${field.scope}`);
  }
}
