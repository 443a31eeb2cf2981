import { closeCompletion } from '@codemirror/autocomplete';
import type { Command } from '@codemirror/view';
import { formatQuery } from '../format.ts';
import { TraceqlError } from '../traceql-error.ts';

/** Replaces the query by its formatted text; leaves text that is no query as it is. */
export const formatTraceql: Command = (view) => {
  const text = view.state.doc.toString();
  const formatted = tryFormat(text);
  closeCompletion(view);
  if (formatted === undefined || formatted === text) return true;
  const cursor = Math.min(view.state.selection.main.head, formatted.length);
  view.dispatch({
    changes: { from: 0, to: text.length, insert: formatted },
    selection: { anchor: text.slice(view.state.selection.main.head).trim() === '' ? formatted.length : cursor },
    userEvent: 'input.format',
  });
  return true;
};

function tryFormat(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    return formatQuery(text);
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}
