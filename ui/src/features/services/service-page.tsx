import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { useNow } from '../../widgets/use-now.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { DEFAULT_FROM, DEFAULT_TO } from '../search/explore-search.ts';
import { ScanLine } from '../search/scan-line.tsx';
import { rangeLabel } from '../search/time-range.ts';
import { TimeRangePicker } from '../search/time-range-picker.tsx';
import { timeOf } from './page-time.ts';
import { parseServiceSearch, type ServiceSearch } from './service-search.ts';
import { ServiceView } from './service-view.tsx';
import { serviceQuery } from './services-query.ts';
import './services.css';
import './service-page.css';

const words = text.services;

/** One service: what it does, how fast, with which errors, where, in which versions, and with whom. */
export function ServicePage() {
  const { name } = useParams({ from: '/services/$name' });
  const search = useSearch({ from: '/services/$name' });
  const navigate = useNavigate();
  const range: TimeRange = { from: search.from ?? DEFAULT_FROM, to: search.to ?? DEFAULT_TO };
  useTitle(words.service.title(name));
  const query = useQuery(serviceQuery(name, range));
  const nowMs = useNow(60_000);
  const { data, error, isFetching, isPlaceholderData } = query;
  const update = (change: Partial<Record<keyof ServiceSearch, string>>): void => {
    void navigate({
      to: '/services/$name',
      params: { name },
      search: (now) => parseServiceSearch({ ...now, ...change }),
      resetScroll: false,
    });
  };
  const time = timeOf(search);
  return (
    <div className="service">
      <div className="service-top">
        <Link to="/services" search={time} className="service-back">
          <Icon name="chevronLeft" />
          {words.service.back}
        </Link>
        <TimeRangePicker range={range} onRange={({ from, to }) => update({ from, to })} />
      </div>
      <div className="services-answer">
        {isFetching && <div className="progress" />}
        {error !== null && <ProblemMessage error={error} onRetry={() => void query.refetch()} />}
        {data === undefined && error === null && <h1 className="service-title">{name}</h1>}
        {data !== undefined && data.service === undefined && (
          <section className="services-empty">
            <h1>{words.service.absent(name)}</h1>
            <p>{words.service.absentWhy(rangeLabel(range, nowMs))}</p>
          </section>
        )}
        {data?.service !== undefined && (
          <div {...staleProps(isPlaceholderData)}>
            <ServiceView
              answer={data}
              service={data.service}
              range={range}
              search={search}
              time={time}
              onChange={update}
            />
          </div>
        )}
        {data !== undefined && <ScanLine statistics={data.statistics} />}
      </div>
    </div>
  );
}
