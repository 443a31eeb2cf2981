/** TraceQL for CodeMirror 6; the packages of CodeMirror are optional peers, needed by whoever imports this. */
export { formatTraceql } from './codemirror/format-command.ts';
export {
  isListOpen,
  onListChange,
  traceqlCompletion,
  traceqlCompletionSource,
} from './codemirror/traceql-completion.ts';
export { type TraceqlEditorOptions, traceqlEditor } from './codemirror/traceql-editor.ts';
export { traceql, traceqlHighlightStyle, traceqlLanguage } from './codemirror/traceql-language.ts';
export { findMistake, mistakeDiagnostics, type QueryMistake, traceqlLinter } from './codemirror/traceql-linter.ts';
export type { AttributeCatalogue, KnownAttribute, KnownValue } from './suggest/attribute-catalogue.ts';
