import { type FormEvent, useId, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { findMistake } from '../search/query-mistake.ts';
import { TimeRangePicker } from '../search/time-range-picker.tsx';
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
  const [isChecked, setChecked] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (isTraceQuery(a.query) && isTraceQuery(b.query)) props.onCompare(changeOf(a, b));
  };
  return (
    <form className="compare-queries" onSubmit={submit}>
      <QueryField side={a} isChecked={isChecked} onChange={setA} />
      <QueryField side={b} isChecked={isChecked} onChange={setB} />
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
  readonly isChecked: boolean;
  readonly onChange: (side: SideQuery) => void;
}) {
  const { side, isChecked, onChange } = props;
  const { populations } = text.compare;
  const id = useId();
  const isWrong = isChecked && !isTraceQuery(side.query);
  const setRange = (range: TimeRange): void => onChange({ ...side, from: range.from, to: range.to });
  return (
    <div className="compare-query">
      <label htmlFor={id}>
        <SideLetter letter={side.letter} /> {populations.queryOf(side.letter)}
      </label>
      <textarea
        id={id}
        className="field mono"
        rows={2}
        spellCheck={false}
        value={side.query}
        placeholder="{ }"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange({ ...side, query: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      {isWrong && (
        <span className="compare-wrong" id={`${id}-wrong`} role="alert">
          {findMistake(side.query)?.message ?? populations.notTraces}
        </span>
      )}
      <TimeRangePicker range={side} onRange={setRange} />
    </div>
  );
}
