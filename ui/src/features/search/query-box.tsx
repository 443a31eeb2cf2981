import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useShortcuts } from '../../widgets/use-shortcuts.ts';
import { highlightQuery } from './highlight-query.ts';
import type { QueryMistake } from './query-mistake.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { applySuggestion, type Suggestion } from './suggestions.ts';
import { useSuggestions } from './use-suggestions.ts';

/** The query text: coloured, completed, checked. Enter runs, Shift+Enter breaks the line, Ctrl+Space suggests. */
export function QueryBox(props: {
  readonly value: string;
  readonly range: TimeRange;
  readonly mistake: QueryMistake | undefined;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
}) {
  const { value, mistake, onChange } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const wantedCursor = useRef<number | undefined>(undefined);
  const { context, suggestions, loading } = useSuggestions(value, cursor, open, props.range);
  const shown = open && (suggestions.length > 0 || loading);
  useShortcuts({ '/': () => field.current?.focus() });

  // After a suggestion is put in, the cursor must stand behind it, not at the end where React leaves it.
  useLayoutEffect(() => {
    if (wantedCursor.current === undefined) return;
    field.current?.setSelectionRange(wantedCursor.current, wantedCursor.current);
    wantedCursor.current = undefined;
  });

  const accept = (suggestion: Suggestion): void => {
    const applied = applySuggestion(value, context, suggestion);
    onChange(applied.text);
    setCursor(applied.cursor);
    wantedCursor.current = applied.cursor;
    setChosen(-1);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const handled = pressInList(event) || pressInText(event);
    if (handled) event.preventDefault();
  };
  const pressInList = (event: KeyboardEvent): boolean => {
    if (!shown) return false;
    switch (event.key) {
      case 'ArrowDown':
        setChosen((now) => (now + 1) % Math.max(1, suggestions.length));
        return true;
      case 'ArrowUp':
        setChosen((now) => (now <= 0 ? suggestions.length : now) - 1);
        return true;
      case 'Tab':
        if (event.shiftKey || suggestions.length === 0) return false;
        accept(suggestions[Math.max(0, chosen)]);
        return true;
      case 'Enter':
        if (chosen < 0 || event.shiftKey) return false;
        accept(suggestions[chosen]);
        return true;
      case 'Escape':
        event.stopPropagation();
        setOpen(false);
        return true;
      default:
        return false;
    }
  };
  const pressInText = (event: KeyboardEvent): boolean => {
    if (event.key === 'Enter' && !event.shiftKey) {
      setOpen(false);
      props.onRun();
      return true;
    }
    const opens = (event.key === ' ' && event.ctrlKey) || (event.key === 'ArrowDown' && value.trim() === '');
    if (opens) setOpen(true);
    else if (event.key === 'Escape') field.current?.blur();
    return opens;
  };

  return (
    <div className={`query${mistake === undefined || shown ? '' : ' is-wrong'}`}>
      <div className="query-line">
        <Icon name="search" />
        <div className="query-text">
          <pre className="query-paint" aria-hidden="true">
            {highlightQuery(value, shown ? undefined : mistake?.position).map((piece) => (
              <span key={piece.from} className={`is-${piece.kind}${piece.wrong ? ' is-wrong' : ''}`}>
                {piece.text}
              </span>
            ))}
            {/* A line break at the end makes a line only when something follows it. */ value.endsWith('\n') ? ' ' : ''}
          </pre>
          <textarea
            ref={field}
            rows={1}
            className="query-field"
            value={value}
            placeholder={text.explore.queryPlaceholder}
            aria-label={text.explore.query}
            aria-autocomplete="list"
            aria-controls={shown ? `${id}-list` : undefined}
            aria-activedescendant={shown && chosen >= 0 ? `${id}-${chosen}` : undefined}
            aria-invalid={mistake !== undefined}
            aria-describedby={mistake === undefined || shown ? undefined : `${id}-mistake`}
            autoCapitalize="off"
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            onChange={(event) => {
              onChange(event.target.value);
              setCursor(event.target.selectionStart);
              setOpen(true);
              setChosen(-1);
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
            onClick={() => value.trim() === '' && setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={press}
          />
          {shown && (
            <SuggestionList
              id={id}
              suggestions={suggestions}
              chosen={chosen}
              loading={loading}
              column={context.from}
              onAccept={accept}
            />
          )}
          <span className="visually-hidden" role="status">
            {shown && !loading ? text.explore.suggestionCount(suggestions.length) : ''}
          </span>
        </div>
      </div>
      {mistake !== undefined && !shown && (
        <p className="query-mistake" id={`${id}-mistake`} role="alert">
          {mistake.position !== undefined && (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                field.current?.focus();
                field.current?.setSelectionRange(mistake.position?.from ?? 0, mistake.position?.to ?? 0);
              }}
            >
              {text.explore.problemAt(mistake.position.from + 1)}
            </button>
          )}{' '}
          {mistake.message} {mistake.hint !== undefined && <strong>{mistake.hint}</strong>}
        </p>
      )}
    </div>
  );
}
