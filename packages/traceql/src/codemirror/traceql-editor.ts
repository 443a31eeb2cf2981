import { closeBrackets } from '@codemirror/autocomplete';
import { history } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, placeholder } from '@codemirror/view';
import type { AttributeCatalogue } from '../suggest/attribute-catalogue.ts';
import { editorKeys } from './editor-keys.ts';
import { formatTraceql } from './format-command.ts';
import { replaceSelection } from './replace-selection.ts';
import { traceqlCompletion } from './traceql-completion.ts';
import { traceql } from './traceql-language.ts';
import { traceqlLinter } from './traceql-linter.ts';
import { traceqlSelection, traceqlTheme } from './traceql-theme.ts';

export interface TraceqlEditorOptions {
  /** Name of the field for screen readers. */
  readonly label: string;
  readonly placeholder?: string;
  readonly catalogue: AttributeCatalogue;
  /** Enter. */
  readonly onRun: (text: string) => void;
  /** After a change by whomever. */
  readonly onChange?: (text: string) => void;
  /** How long after typing mistakes are marked; undefined when the owner marks them (mistakeDiagnostics). */
  readonly lintDelayMs?: number;
}

/** A query field: one line that grows, with colours, completion, mistakes, brackets, undo and formatting. */
export function traceqlEditor(options: TraceqlEditorOptions): Extension {
  const { onChange } = options;
  return [
    traceql(),
    traceqlCompletion(options.catalogue),
    ...(options.lintDelayMs === undefined ? [] : [traceqlLinter(options.lintDelayMs)]),
    editorKeys({ onRun: options.onRun, format: formatTraceql }),
    history(),
    replaceSelection,
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    ...(options.placeholder === undefined ? [] : [placeholder(options.placeholder)]),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
    }),
    ...(onChange === undefined
      ? []
      : [
          EditorView.updateListener.of((update) => {
            if (update.docChanged) onChange(update.state.doc.toString());
          }),
        ]),
    traceqlTheme,
    traceqlSelection,
  ];
}
