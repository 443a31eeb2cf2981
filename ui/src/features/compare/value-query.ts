import { addCondition, parseQuery, printStatic, readConditions, type Static } from '@clew/traceql';

/** A value of an attribute, as a comparison answers it. */
export interface TypedValue {
  readonly type: string;
  readonly value: string;
}

/**
 * The query with the condition that an attribute has, or has not, a value; undefined where TraceQL has no literal for it.
 * @param attribute as TraceQL writes it.
 */
export function valueQuery(
  query: string,
  attribute: string,
  value: TypedValue,
  isIncluded: boolean,
): string | undefined {
  const literal = literalOf(value);
  if (literal === undefined) return undefined;
  return withCondition(query, `${attribute} ${isIncluded ? '=' : '!='} ${literal}`);
}

/** The query with one more condition; of one that relates spans, as a further stage. */
export function withCondition(query: string, condition: string): string {
  const filter = `{ ${condition} }`;
  const [parsed] = readConditions(filter);
  try {
    return addCondition(query, parsed);
  } catch {
    return `${query} | ${filter}`;
  }
}

/** Whether a text is a query for traces; blank is the one for all. */
export function isTraceQuery(query: string): boolean {
  if (query.trim() === '') return true;
  try {
    return parseQuery(query).kind === 'spanset-query';
  } catch {
    return false;
  }
}

function literalOf({ type, value }: TypedValue): string | undefined {
  switch (type) {
    case 'string':
      return printStatic({ type: 'string', value });
    case 'int':
      return printStatic({ type: 'int', value: BigInt(value) });
    case 'double':
      return Number.isFinite(Number(value))
        ? printStatic({ type: 'float', value: Number(value) } as Static)
        : undefined;
    case 'bool':
    case 'status':
    case 'kind':
      return value;
    default:
      return undefined;
  }
}
