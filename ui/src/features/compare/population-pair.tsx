import type { CompareAnswer } from '@clew/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { loadCompare, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { Tabs } from '../../widgets/tabs.tsx';
import { useContentTitle } from '../../widgets/use-title.ts';
import { AttributeDifferences, type SideQuery } from './attribute-differences.tsx';
import { type CompareSearch, type CompareUpdate, rangesOf } from './compare-search.ts';
import { PopulationSide } from './population-side.tsx';
import { PopulationStructure } from './population-structure.tsx';
import { PopulationTotals } from './population-totals.tsx';
import { QueriesForm } from './queries-form.tsx';
import './population-pair.css';

/** Two sets of spans, each a query with its range: figures, structure, attributes. */
export function PopulationPair({ search, update }: { readonly search: CompareSearch; readonly update: CompareUpdate }) {
  const { populations } = text.compare;
  const ranges = rangesOf(search);
  const sides: readonly [SideQuery, SideQuery] = [
    { letter: 'A', query: search.a ?? '{ }', ...ranges.a },
    { letter: 'B', query: search.b ?? '{ }', ...ranges.b },
  ];
  const [isEdited, setEdited] = useState(false);
  useContentTitle(text.compare.title(sides[0].query, sides[1].query));
  const compared = useQuery({
    queryKey: ['compare', ...sides],
    queryFn: ({ signal }) => loadCompare({ a: sides[0], b: sides[1] }, signal),
    placeholderData: keepPreviousData,
    // Figures of `now` stand still until they are asked for again: rows would move under the reader.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const { data, error, isFetching, isPlaceholderData } = compared;
  const swap = (): void => {
    const [a, b] = [ranges.b, ranges.a];
    const isSame = sameRange(a, b);
    const other = isSame ? { bfrom: undefined, bto: undefined } : { bfrom: b.from, bto: b.to };
    update({ a: search.b, b: search.a, from: a.from, to: a.to, ...other, at: undefined });
  };
  return (
    <div className="compare">
      <header className="compare-head">
        <h1 className="visually-hidden">{text.compare.page}</h1>
        <PopulationSide side={sides[0]} population={data?.a} />
        <button
          type="button"
          className="button is-quiet is-icon"
          aria-label={text.compare.swap}
          title={text.compare.swap}
          onClick={swap}
        >
          <Icon name="swap" />
        </button>
        <PopulationSide side={sides[1]} population={data?.b} />
        <span className="compare-head-actions">
          <button
            type="button"
            className="button is-small"
            aria-expanded={isEdited}
            onClick={() => setEdited(!isEdited)}
          >
            {populations.edit}
          </button>
          <button type="button" className="button is-small" onClick={() => void compared.refetch()}>
            {populations.again}
          </button>
        </span>
      </header>
      {isEdited && (
        <QueriesForm
          key={JSON.stringify(sides)}
          sides={sides}
          onCompare={(change) => {
            setEdited(false);
            update({ ...change, at: undefined });
          }}
        />
      )}
      {isFetching && <div className="progress" />}
      {error !== null && <ProblemMessage error={error} onRetry={() => void compared.refetch()} />}
      {data === undefined && isFetching && (
        <p className="compare-none" role="status">
          {text.compare.comparing}
        </p>
      )}
      {data !== undefined && error === null && (
        <div {...staleProps(isPlaceholderData, 'compare-answer')}>
          <Compared answer={data} {...{ sides, search, update }} />
        </div>
      )}
    </div>
  );
}

function sameRange(a: TimeRange, b: TimeRange): boolean {
  return a.from === b.from && a.to === b.to;
}

function Compared(props: {
  readonly answer: CompareAnswer;
  readonly sides: readonly [SideQuery, SideQuery];
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
}) {
  const { answer, sides, search, update } = props;
  const { populations } = text.compare;
  const { statistics } = answer;
  const chosen = search.view ?? 'structure';
  return (
    <>
      <PopulationTotals a={answer.a} b={answer.b} />
      {!statistics.complete && (
        <p className="compare-notice">
          <Icon name="warning" />
          <span>{populations.incomplete(statistics.incompleteReason ?? '')}</span>
        </p>
      )}
      <Tabs
        label={populations.views}
        tabs={[
          { key: 'structure', label: populations.structure },
          { key: 'attributes', label: populations.attributes.tab, count: answer.attributes.length },
        ]}
        chosen={chosen}
        onChoose={(view) => update({ view: view === 'structure' ? undefined : view, at: undefined })}
      >
        {chosen === 'structure' ? (
          <PopulationStructure {...{ answer, search, update }} />
        ) : (
          <AttributeDifferences {...{ answer, sides }} />
        )}
      </Tabs>
    </>
  );
}
