import type { ReactNode } from 'react';
import { text } from '../../../text/catalogue.ts';
import { SORTS, type Sort } from '../explore-search.ts';

/** Above the list: how many there are, what a row is, in which order. */
export function ResultsHead(props: {
  readonly title: string;
  readonly isSpans: boolean;
  readonly sort: Sort;
  readonly onSpans: (isSpans: boolean) => void;
  readonly onSort: (sort: Sort) => void;
  readonly children?: ReactNode;
}) {
  const { isSpans, sort } = props;
  const words = text.found.head;
  const orders: readonly Sort[] = isSpans ? ['newest', 'longest'] : SORTS;
  return (
    <header className="results-head">
      <h2 aria-live="polite">{props.title}</h2>
      <div className="results-controls">
        {props.children}
        <fieldset className="switch">
          <legend className="visually-hidden">{words.rows}</legend>
          <button type="button" aria-pressed={!isSpans} onClick={() => props.onSpans(false)}>
            {words.traces}
          </button>
          <button type="button" aria-pressed={isSpans} onClick={() => props.onSpans(true)}>
            {words.spans}
          </button>
        </fieldset>
        <label className="results-sort">
          <span>{text.explore.results.sort}</span>
          <select
            className="field"
            value={orders.includes(sort) ? sort : 'newest'}
            onChange={(event) => props.onSort(SORTS.find((known) => known === event.target.value) ?? 'newest')}
          >
            {orders.map((known) => (
              <option key={known} value={known}>
                {words.orders[known]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}
