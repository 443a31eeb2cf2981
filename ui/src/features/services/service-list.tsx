import type { ServiceFigures } from '@clew/contract';
import { type KeyboardEvent, useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import { staleProps } from '../../widgets/stale-props.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { ServiceRow } from './service-row.tsx';
import type { RangeSearch, ServiceSort } from './services-search.ts';

const words = text.services;
const COLUMNS: readonly ServiceSort[] = ['name', 'rate', 'errors', 'p50', 'p95', 'p99'];

/** All services as a table. j and k move from one to the next, Enter follows the link; headings sort. */
export function ServiceList(props: {
  readonly services: readonly ServiceFigures[];
  readonly sort: ServiceSort;
  readonly isTurned: boolean;
  readonly search: RangeSearch;
  readonly stale: boolean;
  readonly onSort: (sort: ServiceSort, isTurned: boolean) => void;
}) {
  const { sort, isTurned } = props;
  const table = useRef<HTMLDivElement>(null);
  const step = (direction: 1 | -1): void => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('.service-link') ?? [])];
    const at = links.findIndex((link) => link.matches(':focus'));
    links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + direction))]?.focus();
  };
  const group = 'services';
  useCommands([
    { id: 'services.next', group, label: words.keys.next, keys: ['j'], run: () => step(1), palette: false },
    { id: 'services.previous', group, label: words.keys.previous, keys: ['k'], run: () => step(-1), palette: false },
    { id: 'services.open', group, label: words.keys.open, keys: ['Enter'] },
  ]);
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    step(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are laid out lazily cannot be a <table>.
    <div
      ref={table}
      role="table"
      aria-label={words.page}
      aria-rowcount={props.services.length + 1}
      {...staleProps(props.stale, 'service-table')}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      <div role="row" className="service-head" tabIndex={-1}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          <div
            key={column}
            role="columnheader"
            tabIndex={-1}
            className={`service-cell is-${column}`}
            aria-sort={column === sort ? (isAscending(column, isTurned) ? 'ascending' : 'descending') : 'none'}
          >
            <button
              type="button"
              className="service-sort"
              title={words.sortBy(words.columns[column])}
              onClick={() => props.onSort(column, column === sort ? !isTurned : false)}
            >
              {words.columns[column]}
              <SortArrow isSorted={column === sort} isUp={isAscending(column, isTurned)} />
            </button>
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      <div role="rowgroup" onKeyDown={press}>
        {props.services.map((service) => (
          <ServiceRow key={service.name} service={service} search={props.search} />
        ))}
      </div>
    </div>
  );
}

function isAscending(column: ServiceSort, isTurned: boolean): boolean {
  return (column === 'name') !== isTurned;
}

function SortArrow({ isSorted, isUp }: { readonly isSorted: boolean; readonly isUp: boolean }) {
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className={isSorted ? '' : 'is-hidden'}>
      <path d={isUp ? 'M4 1L7.500 7H.500Z' : 'M4 7L.500 1H7.500Z'} />
    </svg>
  );
}
