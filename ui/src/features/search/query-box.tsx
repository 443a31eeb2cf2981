import { type ComponentType, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { PlainQueryField } from './plain-query-field.tsx';
import type { QueryEditor } from './query-editor.tsx';
import type { FieldStart, QueryFieldControl, QueryFieldProps } from './query-field.ts';
import './query-box.css';

type Editor = ComponentType<Parameters<typeof QueryEditor>[0]>;

/** The query text with what is wrong with it below: a plain field at once, the editor as soon as it has been loaded. */
export function QueryBox(props: QueryFieldProps & { readonly control: RefObject<QueryFieldControl | null> }) {
  const { mistake, control } = props;
  const id = useId();
  const plain = useRef<HTMLTextAreaElement>(null);
  const [isListOpen, setListOpen] = useState(false);
  const editor = useEditor(plain);
  const shown = isListOpen ? undefined : mistake;
  return (
    <div className={`query${shown === undefined ? '' : ' is-wrong'}`}>
      <div className="query-line">
        <Icon name="search" />
        <div className="query-text">
          {editor === undefined ? (
            <PlainQueryField {...props} field={plain} />
          ) : (
            <editor.Component
              {...props}
              mistake={shown}
              start={editor.start}
              onList={(isOpen) => setListOpen(isOpen)}
            />
          )}
        </div>
      </div>
      {shown !== undefined && (
        <p className="query-mistake" id={`${id}-mistake`} role="alert">
          {shown.position !== undefined && (
            <button type="button" className="link-button" onClick={() => control.current?.focus(shown.position)}>
              {text.explore.problemAt(shown.position.from + 1)}
            </button>
          )}{' '}
          {/* In the words of the query language's own parser, as the server has them. */}
          <span lang="en">
            {shown.message} {shown.hint !== undefined && <strong>{shown.hint}</strong>}
          </span>
        </p>
      )}
    </div>
  );
}

/** Loads the editor, and takes over cursor and focus from the plain field, though not in the middle of a composition. */
function useEditor(plain: {
  readonly current: HTMLTextAreaElement | null;
}): { readonly Component: Editor; readonly start: FieldStart } | undefined {
  const [editor, setEditor] = useState<{ readonly Component: Editor; readonly start: FieldStart }>();
  useEffect(() => {
    let isGone = false;
    let isComposing = false;
    const field = plain.current;
    const compose = (event: Event): void => {
      isComposing = event.type === 'compositionstart';
    };
    field?.addEventListener('compositionstart', compose);
    field?.addEventListener('compositionend', compose);
    const takeOver = (Component: Editor): void => {
      if (isGone) return;
      if (isComposing) {
        field?.addEventListener('compositionend', () => takeOver(Component), { once: true });
        return;
      }
      const end = field?.value.length ?? 0;
      const start = { from: field?.selectionStart ?? end, to: field?.selectionEnd ?? end };
      const isFocused = field !== null && document.activeElement === field;
      // At once: who took the field between this and a later exchange would lose it, and what they type.
      flushSync(() => setEditor({ Component, start: { ...start, isFocused } }));
    };
    // Without the editor (a lost connection) the plain field goes on working.
    void import('./query-editor.tsx').then((module) => takeOver(module.QueryEditor)).catch(() => undefined);
    return () => {
      isGone = true;
      field?.removeEventListener('compositionstart', compose);
      field?.removeEventListener('compositionend', compose);
    };
  }, [plain]);
  return editor;
}
