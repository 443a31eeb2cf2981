import { type Diagnostic, linter, setDiagnostics } from '@codemirror/lint';
import type { Extension, TransactionSpec } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { parseQuery } from '../parse.ts';
import { TraceqlError } from '../traceql-error.ts';

/** What is wrong with a query and where, as UTF-16 offsets. */
export interface QueryMistake {
  readonly message: string;
  readonly hint: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** Why the text is no query; undefined when it is one, or blank. */
export function findMistake(text: string): QueryMistake | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseQuery(text);
    return undefined;
  } catch (error) {
    if (error instanceof TraceqlError) return error;
    throw error;
  }
}

/** Checks by itself, a while after typing. An editor whose owner knows more shows it with `mistakeDiagnostics`. */
export function traceqlLinter(delayMs = 700): Extension {
  return linter((view) => diagnosticsOf(findMistake(view.state.doc.toString()), view.state.doc.length), {
    delay: delayMs,
  });
}

/** Underlines one mistake, with message and hint beside it; undefined takes the mark away. */
export function mistakeDiagnostics(view: EditorView, mistake: QueryMistake | undefined): TransactionSpec {
  return setDiagnostics(view.state, diagnosticsOf(mistake, view.state.doc.length));
}

function diagnosticsOf(mistake: QueryMistake | undefined, length: number): Diagnostic[] {
  if (mistake === undefined) return [];
  const to = Math.min(length, mistake.to);
  // A place behind the end has nothing to underline: the last letter stands in.
  const from = Math.max(0, Math.min(mistake.from, to === mistake.from ? to - 1 : to));
  const message = mistake.hint === undefined ? mistake.message : `${mistake.message} ${mistake.hint}`;
  return [{ from, to, severity: 'error', source: 'TraceQL', message }];
}
