import {
  acceptCompletion,
  closeBracketsKeymap,
  closeCompletion,
  completionStatus,
  moveCompletionSelection,
  selectedCompletionIndex,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, historyKeymap, insertNewline } from '@codemirror/commands';
import { nextDiagnostic } from '@codemirror/lint';
import { type Extension, Prec } from '@codemirror/state';
import { type Command, type EditorView, type KeyBinding, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { isListOpen } from './traceql-completion.ts';

/**
 * Enter runs (or takes the chosen suggestion), Shift-Enter breaks the line, Tab takes a suggestion while the list is
 * open (or of the next one while it is loaded) and leaves the field otherwise, Escape closes the list and then leaves the field.
 */
export function editorKeys(options: { readonly onRun: (text: string) => void; readonly format: Command }): Extension {
  const run: Command = (view) => {
    closeCompletion(view);
    options.onRun(view.state.doc.toString());
    return true;
  };
  const keys: KeyBinding[] = [
    { key: 'Enter', run: (view) => takeChosen(view) || run(view), shift: insertNewline },
    { key: 'Mod-Enter', run },
    { key: 'Tab', run: takeFirst },
    { key: 'Escape', run: (view) => closeCompletion(view) || leave(view) },
    { key: 'ArrowDown', run: (view) => moveInList(view, true) || openInEmpty(view) },
    { key: 'ArrowUp', run: (view) => moveInList(view, false) },
    { key: 'PageDown', run: (view) => isListOpen(view.state) && moveCompletionSelection(true, 'page')(view) },
    { key: 'PageUp', run: (view) => isListOpen(view.state) && moveCompletionSelection(false, 'page')(view) },
    { key: 'Ctrl-Space', run: startCompletion },
    { mac: 'Alt-`', run: startCompletion },
    { key: 'Shift-Alt-f', run: options.format, preventDefault: true },
    { key: 'F8', run: nextDiagnostic },
  ];
  return [
    firstOfNextList,
    Prec.high(keymap.of(keys)),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...withoutTab]),
  ];
}

/** The editor's own keys but those that indent: Tab belongs to the page. */
const withoutTab = defaultKeymap.filter(({ key }) => key !== 'Tab' && key !== 'Mod-Enter' && key !== 'Mod-i');

function takeChosen(view: EditorView): boolean {
  return isListOpen(view.state) && selectedCompletionIndex(view.state) !== null && acceptCompletion(view);
}

function takeFirst(view: EditorView): boolean {
  if (!isListOpen(view.state)) return view.plugin(firstOfNextList)?.await() ?? false;
  if (selectedCompletionIndex(view.state) === null) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
}

/**
 * Tab while the list on show is of the text before and another is being loaded: leaving the field is not what is meant.
 * The first of the next one is taken, unless something else is done before it comes.
 */
const firstOfNextList = ViewPlugin.fromClass(
  class {
    readonly #view: EditorView;
    #isAwaited = false;

    constructor(view: EditorView) {
      this.#view = view;
    }

    /** @returns whether there is something to wait for. */
    await(): boolean {
      this.#isAwaited = isNextListLoading(this.#view);
      return this.#isAwaited;
    }

    update({ state, docChanged, selectionSet, focusChanged }: ViewUpdate): void {
      if (!this.#isAwaited) return;
      const isOpen = isListOpen(state);
      if (!isOpen && !docChanged && !selectionSet && !focusChanged && completionStatus(state) === 'pending') return;
      this.#isAwaited = false;
      // Not within an update of the view.
      if (isOpen) queueMicrotask(() => takeFirst(this.#view));
    }
  },
);

function isNextListLoading(view: EditorView): boolean {
  return completionStatus(view.state) === 'pending' && view.dom.querySelector('.cm-tooltip-autocomplete') !== null;
}

function moveInList(view: EditorView, forward: boolean): boolean {
  return isListOpen(view.state) && moveCompletionSelection(forward)(view);
}

function openInEmpty(view: EditorView): boolean {
  return view.state.doc.length === 0 && startCompletion(view);
}

function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}
