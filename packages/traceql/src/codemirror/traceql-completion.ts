import {
  autocompletion,
  type Completion,
  type CompletionResult,
  type CompletionSource,
  completionStatus,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { type EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { applySuggestion } from '../suggest/apply-suggestion.ts';
import type { AttributeCatalogue } from '../suggest/attribute-catalogue.ts';
import type { Suggestion } from '../suggest/build-suggestions.ts';
import { loadSuggestions } from '../suggest/load-suggestions.ts';

/** Completion of a whole TraceQL document in context; `catalogue` is asked for keys and values, and may fail. */
export function traceqlCompletionSource(catalogue: AttributeCatalogue): CompletionSource {
  return async (context): Promise<CompletionResult | null> => {
    const abort = new AbortController();
    context.addEventListener('abort', () => abort.abort());
    const text = context.state.doc.toString();
    const { context: place, suggestions } = await loadSuggestions(text, context.pos, catalogue, abort.signal);
    if (context.aborted || suggestions.length === 0 || place.kind === 'none') return null;
    return {
      from: place.from,
      to: place.to,
      filter: false,
      options: suggestions.map(completionOf),
    };
  };
}

const TYPES: Readonly<Record<Suggestion['kind'], string>> = {
  keyword: 'keyword',
  attribute: 'property',
  value: 'text',
  function: 'function',
  operator: 'operator',
};

function completionOf(suggestion: Suggestion): Completion {
  return {
    label: suggestion.label,
    detail: suggestion.detail,
    type: TYPES[suggestion.kind],
    apply: (view, completion, from, to) => {
      const edit = applySuggestion(view.state.doc.toString(), { from, to }, suggestion);
      view.dispatch({
        changes: { from: edit.from, to: edit.to, insert: edit.insert },
        selection: { anchor: edit.cursor },
        annotations: pickedCompletion.of(completion),
        userEvent: 'input.complete',
        scrollIntoView: true,
      });
      startCompletion(view);
    },
  };
}

/**
 * The list under the cursor. Nothing is chosen when it opens: Enter goes on meaning "run" until an arrow key has
 * chosen a line.
 */
export function traceqlCompletion(catalogue: AttributeCatalogue): Extension {
  return [
    autocompletion({
      override: [traceqlCompletionSource(catalogue)],
      selectOnOpen: false,
      // Enter and Tab have their own rules (editor-keys.ts).
      defaultKeymap: false,
      icons: false,
      interactionDelay: 0,
      maxRenderedOptions: 100,
    }),
    Prec.low(openWhenEmpty),
  ];
}

/** A click into an empty field shows what may be written. */
const openWhenEmpty = EditorView.domEventHandlers({
  click: (_event, view) => {
    if (view.state.doc.length === 0) startCompletion(view);
    return false;
  },
});

export function isListOpen(state: EditorState): boolean {
  return completionStatus(state) === 'active';
}

/** Tells when the list opens and closes. */
export function onListChange(listener: (isOpen: boolean) => void): Extension {
  return ViewPlugin.fromClass(
    class {
      #isOpen = false;

      update(update: ViewUpdate): void {
        const isOpen = isListOpen(update.state);
        if (isOpen === this.#isOpen) return;
        this.#isOpen = isOpen;
        listener(isOpen);
      }
    },
  );
}
