import type { FoundFacet } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { loadFacets, type TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { formatCompact, formatCount } from '../../../text/format-count.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { IconButton } from '../../../widgets/icon-button.tsx';
import { staleProps } from '../../../widgets/stale-props.ts';
import { readChips, toggleValue, valueState } from '../chips/chip-model.ts';
import { facetStatic } from './facet-static.ts';
import './facets-panel.css';

/** Keys that are open from the start: the first ones, and what divides best. */
const OPEN_AT_FIRST = 4;

/** What the matching spans have: keys with their most frequent values, each a click from being a condition. */
export function FacetsPanel(props: {
  readonly query: string;
  readonly range: TimeRange;
  /** Changes when the query is to be asked again. */
  readonly round: number;
  readonly onQuery: (query: string) => void;
  readonly onHide: () => void;
}) {
  const { query, range } = props;
  const words = text.controls.facets;
  const [wanted, setWanted] = useState('');
  const answer = useQuery({
    queryKey: ['facets', query, range.from, range.to, props.round],
    queryFn: ({ signal }) => loadFacets(query === '' ? '{ }' : query, range, signal),
    enabled: readChips(query).kind !== 'mistake',
    placeholderData: (before) => before,
    staleTime: 60_000,
    retry: false,
  });
  const { data } = answer;
  const shown = data?.facets?.filter(({ name }) => matches(name, wanted)) ?? [];
  return (
    <aside {...staleProps(answer.isPlaceholderData, 'facets', answer.isFetching)} aria-label={words.label}>
      <header className="facets-head">
        <h2>{words.label}</h2>
        <IconButton icon="chevronLeft" label={words.hide} onClick={props.onHide} />
      </header>
      {data?.facets !== undefined && data.facets.length > 0 && (
        <input
          className="field facets-find"
          type="search"
          aria-label={words.find}
          placeholder={words.find}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      {answer.error !== null && <p className="facets-note">{words.failed}</p>}
      {data === undefined && answer.isFetching && <FacetsSkeleton />}
      {data !== undefined && data.facets === undefined && <p className="facets-note">{words.rich}</p>}
      {data?.facets?.length === 0 && <p className="facets-note">{words.none}</p>}
      {data?.facets !== undefined && data.facets.length > 0 && shown.length === 0 && (
        <p className="facets-note">{words.noMatch}</p>
      )}
      {shown.map((facet, at) => (
        <Facet
          key={facet.name}
          facet={facet}
          spanCount={data?.spanCount ?? 0}
          isOpenAtFirst={wanted !== '' || at < OPEN_AT_FIRST}
          query={query}
          onQuery={props.onQuery}
        />
      ))}
      {data !== undefined && data.spanCount > 0 && (
        <p className="facets-note">{data.isSample ? words.sampled(data.spanCount) : words.counted(data.spanCount)}</p>
      )}
      {data?.statistics.complete === false && (
        <p className="facets-note">{words.incomplete(data.statistics.incompleteReason ?? '')}</p>
      )}
    </aside>
  );
}

function matches(name: string, wanted: string): boolean {
  const lower = wanted.trim().toLowerCase();
  if (lower === '') return true;
  return name.toLowerCase().includes(lower) || titleOf(name).toLowerCase().includes(lower);
}

function titleOf(name: string): string {
  return text.controls.facets.names[name] ?? name;
}

function Facet(props: {
  readonly facet: FoundFacet;
  readonly spanCount: number;
  readonly isOpenAtFirst: boolean;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}) {
  const { facet, query, onQuery } = props;
  const words = text.controls.facets;
  const hidden = facet.valueCount - facet.values.length;
  return (
    <details className="facet" open={props.isOpenAtFirst}>
      <summary>
        <span className="facet-mark">
          <Icon name="chevronRight" />
        </span>
        <span className="facet-name" title={facet.name}>
          {titleOf(facet.name)}
        </span>
        <span className="is-muted" title={words.unique(facet.valueCount)}>
          {formatCompact(facet.valueCount)}
        </span>
      </summary>
      <ul>
        {facet.values.map((value) => {
          const literal = facetStatic(value);
          return (
            <FacetRow
              key={`${value.type} ${value.value}`}
              label={value.value === '' ? words.empty : value.value}
              count={value.count}
              part={props.spanCount === 0 ? 0 : value.count / props.spanCount}
              state={valueState(query, facet.name, literal)}
              onToggle={(operator) => onQuery(toggleValue(query, facet.name, literal, operator))}
            />
          );
        })}
      </ul>
      {hidden > 0 && <p className="facet-more">{words.more(hidden)}</p>}
    </details>
  );
}

function FacetRow(props: {
  readonly label: string;
  readonly count: number;
  readonly part: number;
  readonly state: 'included' | 'excluded' | undefined;
  readonly onToggle: (operator: '=' | '!=') => void;
}) {
  const { label, state } = props;
  const words = text.controls.facets;
  const include = state === 'included' ? words.undo(label) : words.only(label);
  const exclude = state === 'excluded' ? words.undo(label) : words.without(label);
  return (
    <li className={`facet-value${state === undefined ? '' : ` is-${state}`}`}>
      <button
        type="button"
        className="facet-include"
        title={`${include} (${formatCount(props.count)})`}
        aria-label={include}
        aria-pressed={state === 'included'}
        onClick={() => props.onToggle('=')}
      >
        <span className="facet-bar" aria-hidden="true">
          <i ref={(element) => element?.style.setProperty('width', `${Math.max(1, props.part * 100)}%`)} />
        </span>
        <span className="facet-label">{label}</span>
        <span className="facet-count">{formatCompact(props.count)}</span>
      </button>
      <button
        type="button"
        className="facet-exclude"
        title={exclude}
        aria-label={exclude}
        aria-pressed={state === 'excluded'}
        onClick={() => props.onToggle('!=')}
      >
        <Icon name="minus" />
      </button>
    </li>
  );
}

function FacetsSkeleton() {
  return (
    <div className="facets-skeleton" aria-hidden="true">
      {Array.from({ length: 8 }, (_, at) => (
        <i key={at} />
      ))}
    </div>
  );
}
