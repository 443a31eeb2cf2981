/**
 * TraceQL filter → SQL condition on a row of `spans`, with bound values only. What it means is defined by
 * packages/traceql/SEMANTICS.md; the in-memory evaluator is the judge (differential.integration.test.ts).
 * Conditions are two-valued: a field that is not there makes a comparison false, never null.
 */
import type { TraceId } from '@clew/model';
import {
  type ComparisonOperator,
  type Field,
  type FieldExpression,
  type NormalComparison,
  type NormalFilter,
  normalizeFilter,
} from '@clew/traceql';
import type { TimeRange } from '../span-store.ts';
import { AttributeMaps } from './attribute-maps.ts';
import type { AttributeTypes } from './attribute-types.ts';
import { bindLiteral, compareBranches } from './compare-branch.ts';
import { intrinsicBranch } from './intrinsic-branches.ts';
import { resourceCondition, serviceNameCondition } from './resource-conditions.ts';
import type { TenantScope } from './tenant-scope.ts';
import { isTraceIntrinsic, traceFact } from './trace-facts.ts';
import { anyOf, type Literal, type ValueBranch } from './value-branch.ts';

export interface FilterContext {
  /** Of the statement the condition becomes part of. */
  readonly scope: TenantScope;
  /** Range of the statement: bounds the look-ups of root spans and trace durations. */
  readonly range: TimeRange;
  /** Where the statement is about a few known traces only. */
  readonly traceIds?: readonly TraceId[];
  /** How the attributes of the filter are stored; left out, everywhere is looked. */
  readonly types?: AttributeTypes;
}

/** @throws TraceqlError when the filter does not pass `validateFilter`. */
export function compileFilter(filter: FieldExpression, context: FilterContext): string {
  return compileNormal(normalizeFilter(filter), context);
}

const IS_TRUE: Literal = { type: 'bool', sql: 'true', constant: true };

function compileNormal(filter: NormalFilter, context: FilterContext): string {
  switch (filter.kind) {
    case 'static':
      return String(filter.static.value);
    case 'attribute':
      return compareAttribute(filter, '=', IS_TRUE, context);
    case 'not':
      return `(NOT ${compileNormal(filter.operand, context)})`;
    case 'logical':
      return compileChain(filter, context);
    case 'comparison':
      return compileComparison(filter, context);
  }
}

/** A chain of one operator becomes one list: the engine's parser limits nesting, not length. */
function compileChain(filter: NormalFilter & { kind: 'logical' }, context: FilterContext): string {
  const operands: string[] = [];
  let rest: NormalFilter = filter;
  while (rest.kind === 'logical' && rest.operator === filter.operator) {
    operands.push(compileNormal(rest.right, context));
    rest = rest.left;
  }
  operands.push(compileNormal(rest, context));
  return `(${operands.reverse().join(filter.operator === '&&' ? ' AND ' : ' OR ')})`;
}

function compileComparison({ left, operator, right }: NormalComparison, context: FilterContext): string {
  const literal = bindLiteral(right.static, context.scope.parameters);
  if (literal === undefined) {
    const exists = fieldExists(left, context);
    return operator === '!=' ? exists : `(NOT ${exists})`;
  }
  if (left.kind === 'attribute') return compareAttribute(left, operator, literal, context);
  const { parameters } = context.scope;
  if (!isTraceIntrinsic(left.intrinsic)) {
    return compareBranches([intrinsicBranch(left.intrinsic)], operator, literal, parameters);
  }
  const fact = traceFact(left.intrinsic, context);
  const condition = compareBranches([fact.branch], operator, literal, parameters);
  return condition === 'false' ? 'false' : fact.tracesWhere(condition);
}

function compareAttribute(
  { scope: attributeScope, key }: Field & { kind: 'attribute' },
  operator: ComparisonOperator,
  literal: Literal,
  { scope, types }: FilterContext,
): string {
  const { parameters } = scope;
  const inResource = (): string => {
    if (key === 'service.name' && literal.type === 'string') {
      const compare = (branch: ValueBranch): string => compareBranches([branch], operator, literal, parameters);
      return serviceNameCondition(scope, compare, literal, types);
    }
    const attribute = new AttributeMaps(key, parameters, 'resource', types);
    return resourceCondition(scope, compareBranches(attribute.branches(), operator, literal, parameters));
  };
  if (attributeScope === 'resource') return inResource();
  const attribute = new AttributeMaps(key, parameters, 'span', types);
  const inSpan = compareBranches(attribute.branches(), operator, literal, parameters);
  if (attributeScope === 'span') return inSpan;
  // A span's own attribute hides the resource's, whatever its type.
  const inherited = inResource();
  if (inherited === 'false') return inSpan;
  const { exists } = attribute;
  return exists === 'false' ? inherited : anyOf([inSpan, `(NOT ${exists} AND ${inherited})`]);
}

function fieldExists(field: Field, context: FilterContext): string {
  const { scope, types } = context;
  if (field.kind === 'intrinsic') {
    return isTraceIntrinsic(field.intrinsic)
      ? traceFact(field.intrinsic, context).tracesWhere(undefined)
      : (intrinsicBranch(field.intrinsic).when ?? 'true');
  }
  const inSpan = (): string => new AttributeMaps(field.key, scope.parameters, 'span', types).exists;
  const inResource = (): string =>
    resourceCondition(scope, new AttributeMaps(field.key, scope.parameters, 'resource', types).exists);
  if (field.scope === 'span') return inSpan();
  if (field.scope === 'resource') return inResource();
  return anyOf([inSpan(), inResource()]);
}
