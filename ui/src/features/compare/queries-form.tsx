import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { QueryBox } from '../search/query-box.tsx';
import type { QueryFieldControl } from '../search/query-field.ts';
import { findMistake, type QueryMistake } from '../search/query-mistake.ts';
import { TimeRangePicker } from '../search/time-range-picker.tsx';
import { useSettledDraft } from '../search/use-settled-draft.ts';
import type { SideQuery } from './attribute-differences.tsx';
import type { CompareSearch } from './compare-search.ts';
import { SideLetter } from './side-letter.tsx';
import { isTraceQuery } from './value-query.ts';

export type QueriesChange = Partial<Record<keyof CompareSearch, string | undefined>>;

/** Both queries and their ranges, to be changed. */
export function QueriesForm(props: {
  readonly sides: readonly [SideQuery, SideQuery];
  readonly onCompare: (change: QueriesChange) => void;
}) {
  const [a, setA] = useState(props.sides[0]);
  const [b, setB] = useState(props.sides[1]);
  // Compare was asked for: what is wrong is said without waiting for a pause in typing.
  const [asked, setAsked] = useState(0);
  const compare = (sides: readonly [SideQuery, SideQuery]): void => {
    setAsked(asked + 1);
    if (sides.every(({ query }) => isTraceQuery(query))) props.onCompare(changeOf(...sides));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    compare([a, b]);
  };
  return (
    <form className="compare-queries" onSubmit={submit}>
      <QueryField side={a} asked={asked} onChange={setA} onRun={(query) => compare([{ ...a, query }, b])} />
      <QueryField side={b} asked={asked} onChange={setB} onRun={(query) => compare([a, { ...b, query }])} />
      <button type="submit" className="button is-primary">
        {text.compare.choose.compare}
      </button>
    </form>
  );
}

/** The two sides as the URL has them; B's range only where it is another one. */
export function changeOf(a: SideQuery, b: SideQuery): QueriesChange {
  const isSame = a.from === b.from && a.to === b.to;
  const query = (given: string): string => (given.trim() === '' ? '{ }' : given.trim());
  const ranges = { from: a.from, to: a.to, bfrom: isSame ? undefined : b.from, bto: isSame ? undefined : b.to };
  return { a: query(a.query), b: query(b.query), ...ranges };
}

function QueryField(props: {
  readonly side: SideQuery;
  /** How often Compare was pressed. */
  readonly asked: number;
  readonly onChange: (side: SideQuery) => void;
  readonly onRun: (query: string) => void;
}) {
  const { side, asked, onChange } = props;
  const { query, letter } = side;
  const label = text.compare.populations.queryOf(letter);
  const field = useRef<QueryFieldControl>(null);
  const { isSettled, settle } = useSettledDraft(query);
  const latest = useRef(query);
  latest.current = query;
  useEffect(() => settle(latest.current), [asked, settle]);
  const mistake = useMemo(() => (isSettled ? mistakeIn(query) : undefined), [isSettled, query]);
  const setRange = (range: TimeRange): void => onChange({ ...side, from: range.from, to: range.to });
  return (
    <div className="compare-query">
      <span aria-hidden="true">
        <SideLetter letter={letter} /> {label}
      </span>
      <QueryBox
        label={label}
        placeholder="{ }"
        value={query}
        range={side}
        mistake={mistake}
        control={field}
        onChange={(next) => onChange({ ...side, query: next })}
        onRun={props.onRun}
      />
      <TimeRangePicker range={side} onRange={setRange} />
    </div>
  );
}

/** A query with metrics has no traces to compare. */
function mistakeIn(query: string): QueryMistake | undefined {
  const mistake = findMistake(query);
  if (mistake !== undefined || isTraceQuery(query)) return mistake;
  return { message: text.compare.populations.notTraces, hint: undefined, position: undefined };
}
