import { type RefObject, useEffect, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import type { Matches } from './use-matches.ts';
import { isTraceql } from './use-matches.ts';
import './find-box.css';

const TYPING_MS = 120;
/** TraceQL is asked when it has rested: half a query is none. */
const QUERY_TYPING_MS = 700;

/** Finds spans by name, service, id or TraceQL; Enter goes on, Shift+Enter back. */
export function FindBox(props: {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly found: Matches;
  /** Row the count is told from, or -1. */
  readonly activeRow: number;
  readonly isOnly: boolean;
  readonly onOnly: () => void;
  readonly onFind: (find: string) => void;
  readonly onMove: (direction: 1 | -1) => void;
  readonly onLeave: () => void;
}) {
  const { value, onFind } = props;
  const { rows, isSearching, problem } = props.found;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onFind(typed), isTraceql(typed) ? QUERY_TYPING_MS : TYPING_MS);
    return () => clearTimeout(timer);
  });
  const at = rows?.indexOf(props.activeRow) ?? -1;
  const said = isSearching
    ? text.waterfall.find.searching
    : problem !== undefined
      ? text.waterfall.find.failed
      : rows === undefined
        ? ''
        : text.trace.findCount(at + 1, rows.length);
  return (
    <search className="find">
      <Icon name="search" />
      <input
        ref={props.field}
        type="search"
        className="find-field"
        aria-label={text.waterfall.find.label}
        placeholder={text.waterfall.find.label}
        aria-invalid={problem !== undefined}
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== value) onFind(typed);
          else if (event.key === 'Enter') props.onMove(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape' && typed !== '') setTyped('');
          else if (event.key === 'Escape') props.onLeave();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span className={`find-count ${problem === undefined ? '' : 'is-error'}`} role="status" title={problem}>
        {said}
      </span>
      {value !== '' && (
        <button
          type="button"
          className="button is-quiet is-small is-icon"
          aria-pressed={props.isOnly}
          aria-label={text.waterfall.find.only}
          title={text.waterfall.find.only}
          onClick={props.onOnly}
        >
          <Icon name="filter" />
        </button>
      )}
      {rows !== undefined && rows.length > 0 && (
        <>
          <IconButton label={text.trace.findPrevious} icon="chevronUp" onClick={() => props.onMove(-1)} />
          <IconButton label={text.trace.findNext} icon="chevronDown" onClick={() => props.onMove(1)} />
        </>
      )}
      {problem !== undefined && (
        <p className="find-problem" role="alert">
          {problem}
        </p>
      )}
    </search>
  );
}
