import { type RefObject, useEffect, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import './find-box.css';

const TYPING_MS = 120;

/** Finds spans by name, service or id; Enter goes on, Shift+Enter back. */
export function FindBox(props: {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly matches: Int32Array | undefined;
  /** Row the count is told from, or -1. */
  readonly activeRow: number;
  readonly onFind: (find: string) => void;
  readonly onMove: (direction: 1 | -1) => void;
  readonly onLeave: () => void;
}) {
  const { value, matches, onFind } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onFind(typed), TYPING_MS);
    return () => clearTimeout(timer);
  });
  const at = matches?.indexOf(props.activeRow) ?? -1;
  return (
    <search className="find">
      <Icon name="search" />
      <input
        ref={props.field}
        type="search"
        className="find-field"
        aria-label={text.trace.find}
        placeholder={text.trace.find}
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onMove(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape' && typed !== '') setTyped('');
          else if (event.key === 'Escape') props.onLeave();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span className="find-count" role="status">
        {matches === undefined ? '' : text.trace.findCount(at + 1, matches.length)}
      </span>
      {matches !== undefined && matches.length > 0 && (
        <>
          <button
            type="button"
            className="button is-quiet is-small is-icon"
            aria-label={text.trace.findPrevious}
            title={text.trace.findPrevious}
            onClick={() => props.onMove(-1)}
          >
            <Icon name="chevronUp" />
          </button>
          <button
            type="button"
            className="button is-quiet is-small is-icon"
            aria-label={text.trace.findNext}
            title={text.trace.findNext}
            onClick={() => props.onMove(1)}
          >
            <Icon name="chevronDown" />
          </button>
        </>
      )}
    </search>
  );
}
