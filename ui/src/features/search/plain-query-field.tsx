import { type RefObject, useImperativeHandle } from 'react';
import type { QueryFieldProps } from './query-field.ts';

/** Query text without help: what there is until the editor has been loaded. Enter runs, Shift+Enter breaks the line. */
export function PlainQueryField(props: QueryFieldProps & { readonly field: RefObject<HTMLTextAreaElement | null> }) {
  const { field, value } = props;
  useImperativeHandle(
    props.control,
    () => ({
      focus: (range) => {
        field.current?.focus();
        if (range !== undefined) field.current?.setSelectionRange(range.from, range.to);
      },
    }),
    [field],
  );
  return (
    <textarea
      ref={field}
      rows={Math.min(6, value.split('\n').length)}
      className="query-plain"
      value={value}
      placeholder={props.placeholder}
      aria-label={props.label}
      aria-invalid={props.mistake !== undefined}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') field.current?.blur();
        if (event.key !== 'Enter' || event.shiftKey) return;
        event.preventDefault();
        props.onRun(event.currentTarget.value);
      }}
    />
  );
}
