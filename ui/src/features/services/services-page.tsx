import type { ServicesOverviewAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useCommands } from '../../widgets/use-commands.ts';
import { useNow } from '../../widgets/use-now.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { DEFAULT_FROM, DEFAULT_TO } from '../search/explore-search.ts';
import { ScanLine } from '../search/scan-line.tsx';
import { rangeLabel, widerPreset } from '../search/time-range.ts';
import { lengthOf, timeOf } from './page-time.ts';
import { ServiceList } from './service-list.tsx';
import { ServicesBar } from './services-bar.tsx';
import { overviewQuery } from './services-query.ts';
import { parseServicesSearch, type ServicesSearch } from './services-search.ts';
import { findServices, sortServices } from './sort-services.ts';
import './service-table.css';
import './services.css';

const ServiceMap = lazy(async () => ({ default: (await import('./map/service-map.tsx')).ServiceMap }));
const words = text.services;

/** Every service with rate, errors and durations, as a list or as a map of who calls whom. */
export function ServicesPage() {
  const search = useSearch({ from: '/services' });
  const navigate = useNavigate();
  const range: TimeRange = { from: search.from ?? DEFAULT_FROM, to: search.to ?? DEFAULT_TO };
  useTitle(words.page);
  const overview = useQuery(overviewQuery(range));
  const { data, error, isFetching, isPlaceholderData } = overview;
  const update = (change: Partial<Record<keyof ServicesSearch, string>>, replace = false): void => {
    void navigate({
      to: '/services',
      search: (now) => parseServicesSearch({ ...now, ...change }),
      resetScroll: false,
      replace,
    });
  };
  const isMap = search.view === 'map';
  useCommands([
    { id: 'services.list', group: 'services', label: words.keys.list, keys: ['l'], run: () => update({ view: '' }) },
    { id: 'services.map', group: 'services', label: words.keys.map, keys: ['m'], run: () => update({ view: 'map' }) },
  ]);
  const services = data?.services ?? [];
  const sort = search.sort ?? 'rate';
  const isTurned = search.turned === '1';
  const shown = useMemo(
    () => sortServices(findServices(data?.services ?? [], isMap ? '' : (search.find ?? '')), sort, isTurned),
    [data, isMap, search.find, sort, isTurned],
  );
  return (
    <div className={`services${isMap ? ' is-map' : ''}`}>
      <h1 className="visually-hidden">{words.page}</h1>
      <ServicesBar
        search={search}
        range={range}
        onChange={update}
        count={{ shown: shown.length, all: services.length }}
      />
      <div className="services-answer">
        {isFetching && <div className="progress" />}
        {error !== null && <ProblemMessage error={error} onRetry={() => void overview.refetch()} />}
        {data !== undefined && services.length === 0 && <NoServices range={range} onRange={update} />}
        {services.length > 0 && isMap && (
          <Suspense fallback={<div className="progress" />}>
            <ServiceMap services={services} range={range} search={search} onChange={update} />
          </Suspense>
        )}
        {services.length > 0 && !isMap && (
          <>
            <ServiceList
              services={shown}
              sort={sort}
              isTurned={isTurned}
              search={timeOf(search)}
              stale={isPlaceholderData}
              onSort={(column, turned) => update({ sort: column, turned: turned ? '1' : '' })}
            />
            {shown.length === 0 && (
              <p className="services-none">
                {words.nothingFound(search.find ?? '')}{' '}
                <button type="button" className="button is-small" onClick={() => update({ find: '' })}>
                  {words.clear}
                </button>
              </p>
            )}
            {data !== undefined && <ListNote answer={data} range={range} />}
          </>
        )}
        {data !== undefined && !isMap && <ScanLine statistics={data.statistics} />}
      </div>
    </div>
  );
}

/** What is counted, and on what the figures rest. */
function ListNote({ answer, range }: { readonly answer: ServicesOverviewAnswer; readonly range: TimeRange }) {
  const { hasMore, services, latencyShare } = answer;
  return (
    <p className="services-note">
      {words.compared(lengthOf(range))} {words.ofRequests}
      {hasMore && ` ${words.more(services.length)}`}
      {latencyShare < 1 && ` ${words.latencySampled(latencyShare)}`}
    </p>
  );
}

function NoServices(props: {
  readonly range: TimeRange;
  readonly onRange: (change: { readonly from: string; readonly to: string }) => void;
}) {
  const nowMs = useNow(60_000);
  const wider = widerPreset(props.range, nowMs);
  return (
    <section className="services-empty">
      <h2>{words.empty}</h2>
      <p>{words.emptyWhy(rangeLabel(props.range, nowMs))}</p>
      <div>
        {wider !== undefined && (
          <button type="button" className="button" onClick={() => props.onRange({ from: wider, to: 'now' })}>
            {words.wider(text.explore.time.last[wider])}
          </button>
        )}
        <Link to="/setup" className="button">
          {words.setup}
        </Link>
      </div>
    </section>
  );
}
