/** The editor of query text, in a chunk of its own: the page works with a plain field until it is here. */
import { mistakeDiagnostics, onListChange, traceqlEditor } from '@clew/traceql/codemirror';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { buildQueryCatalogue } from './query-catalogue.ts';
import type { FieldStart, QueryFieldProps } from './query-field.ts';

export function QueryEditor(
  props: QueryFieldProps & { readonly start: FieldStart; readonly onList: (isOpen: boolean) => void },
) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;
  const queries = useQueryClient();

  useLayoutEffect(() => {
    if (host.current === null) return;
    // The editor's style sheets are adopted by a shadow root; in the document the page's policy forbids them.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const { value, start, label, placeholder } = latest.current;
    const view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: value,
        selection: { anchor: Math.min(start.from, value.length), head: Math.min(start.to, value.length) },
        extensions: [
          traceqlEditor({
            label,
            placeholder,
            catalogue: buildQueryCatalogue(queries, () => latest.current.range),
            onRun: (query) => latest.current.onRun(query),
            onChange: (query) => {
              if (query !== latest.current.value) latest.current.onChange(query);
            },
          }),
          onListChange((isOpen) => latest.current.onList(isOpen)),
        ],
      }),
    });
    editor.current = view;
    if (start.isFocused) view.focus();
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [queries]);

  // Text that comes from elsewhere: the address, or the controls beside the field.
  useLayoutEffect(() => {
    const view = editor.current;
    const now = view?.state.doc.toString();
    if (view === null || now === props.value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: props.value },
      selection: { anchor: props.value.length },
    });
  }, [props.value]);

  const { mistake } = props;
  useEffect(() => {
    const view = editor.current;
    if (view === null) return;
    const marked =
      mistake?.position === undefined
        ? undefined
        : { ...mistake.position, message: mistake.message, hint: mistake.hint };
    view.dispatch(mistakeDiagnostics(view, marked));
    view.contentDOM.setAttribute('aria-invalid', String(mistake !== undefined));
  }, [mistake]);

  useImperativeHandle(
    props.control,
    () => ({
      focus: (range) => {
        const view = editor.current;
        if (view === null) return;
        view.focus();
        if (range === undefined) return;
        const clamp = (at: number): number => Math.min(at, view.state.doc.length);
        view.dispatch({ selection: { anchor: clamp(range.from), head: clamp(range.to) }, scrollIntoView: true });
      },
    }),
    [],
  );
  return <div ref={host} className="query-editor" />;
}
