/**
 * The search form's fields as conditions of the query: read from the tree and put into it, so that form and text
 * never say different things.
 */
import { buildAttribute, buildComparison, buildConjunction, buildIntrinsic, buildQuery, conjunctsOf } from './build.ts';
import { parseFilterQuery, parseSyntax } from './parse.ts';
import { printQuery } from './print.ts';
import { isSameExpression } from './same-expression.ts';
import type { ComparisonOperator, FieldExpression, Static } from './tree.ts';

/** What the form shows. A field that the query does not restrict is undefined. */
export interface Shortcuts {
  /** `resource.service.name = "…"` */
  readonly service: string | undefined;
  /** `name = "…"` */
  readonly name: string | undefined;
  /** `duration >= …` (or `>`), nanoseconds. */
  readonly minDurationNano: bigint | undefined;
  /** `duration <= …` (or `<`), nanoseconds. */
  readonly maxDurationNano: bigint | undefined;
  /** `status = error` */
  readonly onlyErrors: boolean;
}

/** New values for fields of the form: undefined (or false) removes the condition, a field left out stays. */
export type ShortcutChanges = { readonly [Field in keyof Shortcuts]?: Shortcuts[Field] | undefined };

/**
 * Reads the form's fields from a query; blank text counts as `{ }`. Only conditions that every match must satisfy
 * count: `service = a || service = b` is no shortcut. Of several for one field the first is shown.
 * @throws TraceqlError when the text is not a query, TRACEQL_TYPE when it is not one filter alone.
 */
export function readShortcuts(text: string): Shortcuts {
  const found = new Map<keyof Shortcuts, Static>();
  for (const condition of conjunctsOf(filterOf(text))) {
    const shortcut = tryReadShortcut(condition);
    if (shortcut !== undefined && !found.has(shortcut.field)) found.set(shortcut.field, shortcut.value);
  }
  return {
    service: textOf(found.get('service')),
    name: textOf(found.get('name')),
    minDurationNano: nanosOf(found.get('minDurationNano')),
    maxDurationNano: nanosOf(found.get('maxDurationNano')),
    onlyErrors: found.has('onlyErrors'),
  };
}

/**
 * The query with the form's fields changed; everything else in it stays. A changed condition keeps its place, a new
 * one goes to the end.
 * @throws TraceqlError when the text is not a query, TRACEQL_TYPE when it is not one filter alone.
 */
export function withShortcuts(text: string, changes: ShortcutChanges): string {
  const wanted = new Map<keyof Shortcuts, FieldExpression | undefined>();
  for (const field of FIELDS) if (Object.hasOwn(changes, field)) wanted.set(field, buildShortcut(field, changes));
  const placed = new Set<keyof Shortcuts>();
  const conditions: FieldExpression[] = [];
  for (const condition of conjunctsOf(filterOf(text))) {
    const field = tryReadShortcut(condition)?.field;
    if (field === undefined || !wanted.has(field)) {
      conditions.push(condition);
      continue;
    }
    const replacement = wanted.get(field);
    if (replacement !== undefined && !placed.has(field)) conditions.push(replacement);
    placed.add(field);
  }
  for (const [field, condition] of wanted) {
    if (condition !== undefined && !placed.has(field)) conditions.push(condition);
  }
  return printWith(text, conditions);
}

/**
 * The query with one more condition that every match must satisfy; unchanged (but printed anew) when it has it.
 * @throws TraceqlError when the text is not a query, TRACEQL_TYPE when it is not one filter alone.
 */
export function addCondition(text: string, condition: FieldExpression): string {
  const conditions = conjunctsOf(filterOf(text));
  const isThere = conditions.some((existing) => isSameExpression(existing, condition));
  return printWith(text, isThere ? conditions : [...conditions, condition]);
}

/**
 * The conditions that every match must satisfy, in the order of the text; none for blank text and `{ }`.
 * @throws TraceqlError when the text is not a query, TRACEQL_TYPE when it is not one filter alone.
 */
export function readConditions(text: string): readonly FieldExpression[] {
  return conjunctsOf(filterOf(text));
}

/**
 * The query with other conditions in place of its own; its hints stay.
 * @throws TraceqlError when the text is not a query, TRACEQL_TYPE when it is not one filter alone.
 */
export function withConditions(text: string, conditions: readonly FieldExpression[]): string {
  filterOf(text);
  return printWith(text, conditions);
}

const FIELDS = ['service', 'name', 'minDurationNano', 'maxDurationNano', 'onlyErrors'] as const;

function filterOf(text: string): FieldExpression {
  return parseFilterQuery(text.trim() === '' ? '{ }' : text).expression;
}

/** The query with other conditions; its hints stay. */
function printWith(text: string, conditions: readonly FieldExpression[]): string {
  const hints = text.trim() === '' ? [] : parseSyntax(text).hints;
  return printQuery({ ...buildQuery(buildConjunction(conditions)), hints });
}

function buildShortcut(field: keyof Shortcuts, changes: ShortcutChanges): FieldExpression | undefined {
  const value = changes[field];
  if (value === undefined || value === false || value === '') return undefined;
  switch (field) {
    case 'service':
      return buildComparison(buildAttribute('resource', 'service.name'), '=', { type: 'string', value: String(value) });
    case 'name':
      return buildComparison(buildIntrinsic('name'), '=', { type: 'string', value: String(value) });
    case 'minDurationNano':
      return buildComparison(buildIntrinsic('duration'), '>=', { type: 'duration', value: BigInt(value) });
    case 'maxDurationNano':
      return buildComparison(buildIntrinsic('duration'), '<=', { type: 'duration', value: BigInt(value) });
    case 'onlyErrors':
      return buildComparison(buildIntrinsic('status'), '=', { type: 'status', value: 2 });
  }
}

interface FoundShortcut {
  readonly field: keyof Shortcuts;
  readonly value: Static;
}

const MIRRORED: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function tryReadShortcut(condition: FieldExpression): FoundShortcut | undefined {
  if (condition.kind !== 'comparison') return undefined;
  const { operator, left, right } = condition;
  if (right.kind === 'static') return tryShortcutOf(left, operator, right.static);
  if (left.kind === 'static') return tryShortcutOf(right, MIRRORED[operator] ?? operator, left.static);
  return undefined;
}

function tryShortcutOf(field: FieldExpression, operator: ComparisonOperator, value: Static): FoundShortcut | undefined {
  if (field.kind === 'attribute') {
    const isService = field.scope === 'resource' && field.key === 'service.name';
    return isService && operator === '=' && value.type === 'string' ? { field: 'service', value } : undefined;
  }
  if (field.kind !== 'intrinsic') return undefined;
  if (field.intrinsic === 'name' && operator === '=') return { field: 'name', value };
  if (field.intrinsic === 'status' && operator === '=' && value.type === 'status' && value.value === 2) {
    return { field: 'onlyErrors', value };
  }
  if (field.intrinsic !== 'duration' || value.type === 'float') return undefined;
  if (operator === '>' || operator === '>=') return { field: 'minDurationNano', value };
  if (operator === '<' || operator === '<=') return { field: 'maxDurationNano', value };
  return undefined;
}

function textOf(value: Static | undefined): string | undefined {
  return value?.type === 'string' ? value.value : undefined;
}

function nanosOf(value: Static | undefined): bigint | undefined {
  return value?.type === 'duration' || value?.type === 'int' ? value.value : undefined;
}
