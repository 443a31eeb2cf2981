import { useEffect, useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import type { Suggestion } from './suggestions.ts';

/** The list under the query; the query box keeps the focus and names the chosen line. */
export function SuggestionList(props: {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  /** Index, or -1. */
  readonly chosen: number;
  readonly loading: boolean;
  /** Character the list stands under. */
  readonly column: number;
  readonly onAccept: (suggestion: Suggestion) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const { chosen } = props;
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={(element) => {
        list.current = element;
        element?.style.setProperty('--column', String(props.column));
      }}
      className="suggestions"
      id={`${props.id}-list`}
      role="listbox"
      // It scrolls, so it must be reachable; the Tab key itself takes a suggestion.
      tabIndex={0}
      aria-label={text.explore.suggestions}
    >
      {props.suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the query box has the focus and names the option it is on.
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled in the query box.
        <div
          key={suggestion.insert}
          id={`${props.id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className="suggestion"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.onAccept(suggestion)}
        >
          <span className="suggestion-label">{suggestion.label}</span>
          <span className="suggestion-detail">{suggestion.detail}</span>
        </div>
      ))}
      {props.loading && props.suggestions.length === 0 && (
        <div className="suggestion" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
          {text.explore.loadingValues}
        </div>
      )}
    </div>
  );
}
