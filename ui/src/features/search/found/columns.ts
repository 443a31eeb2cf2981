/** Chosen columns of span rows: the text of a `select()`, in the URL and in the query that is asked. */
import { type FieldReference, parseQuery, printExpression, printQuery, type Query, TraceqlError } from '@clew/traceql';

/** Columns of a table that can still be read. */
export const MAX_COLUMNS = 12;

/** Names as TraceQL prints them, each once; what cannot be read is left out whole. */
export function parseColumns(text: string): readonly string[] {
  const fields = text.trim() === '' ? [] : (tryFields(text) ?? []);
  return [...new Set(fields.map(printExpression))].slice(0, MAX_COLUMNS);
}

export function formatColumns(columns: readonly string[]): string {
  return columns.join(', ');
}

/** Whether a text names one attribute or intrinsic that can be a column. */
export function isColumn(name: string): boolean {
  return tryFields(name)?.length === 1;
}

/** The query, with the columns to be shown of each span. A query that is none stays as it is. */
export function selectColumns(query: string, columns: readonly string[]): string {
  const base = query.trim() === '' ? '{ }' : query;
  const fields = tryFields(formatColumns(columns));
  const parsed = fields === undefined ? undefined : tryParse(base);
  if (fields === undefined || parsed?.kind !== 'spanset-query') return base;
  const select = { kind: 'select', fields, at: parsed.at } as const;
  const { pipeline } = parsed;
  return printQuery({ ...parsed, pipeline: { ...pipeline, stages: [...pipeline.stages, select] } });
}

function tryFields(text: string): readonly FieldReference[] | undefined {
  if (text.trim() === '') return undefined;
  const query = tryParse(`{ } | select(${text})`);
  if (query?.kind !== 'spanset-query') return undefined;
  const [, stage, ...others] = query.pipeline.stages;
  return stage?.kind === 'select' && others.length === 0 ? stage.fields : undefined;
}

function tryParse(text: string): Query | undefined {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}
