import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { Time } from '../../widgets/time.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { formatRate, formatShare } from '../overview/format-rate.ts';
import { spansQuery } from './explore-queries.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { durationText } from './service-row.tsx';
import type { ServiceViewProps } from './service-view-props.ts';

const words = text.services;

/** Where the service runs, most spans first. */
export function InstanceTable({ answer, service, time }: ServiceViewProps) {
  const nowMs = useNow(10_000);
  const { instances } = answer;
  const names = words.service.instanceColumns;
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.service.instances}</h2>
        <span>{answer.hasMoreInstances ? words.service.shortened(instances.length) : instances.length}</span>
      </header>
      <ScrollRegion label={words.service.instances} isBounded>
        <table className="figures-table">
          <thead>
            <tr>
              <th>{names.instance}</th>
              <th>{names.version}</th>
              <th className="is-number">{words.columns.rate}</th>
              <th className="is-number">{words.columns.errors}</th>
              <th className="is-number">{words.columns.p95}</th>
              <th>{names.last}</th>
            </tr>
          </thead>
          <tbody>
            {instances.map(({ instance, host, version, figures, lastUnixNano }) => (
              <tr key={[instance, host, version].join('\n')}>
                <th scope="row" className="error-what">
                  {instance === '' ? (
                    <i>{words.service.noInstance}</i>
                  ) : (
                    <Link to="/explore" search={{ q: spansQuery({ service: service.name, instance }), ...time }}>
                      {instance}
                    </Link>
                  )}
                  {host !== '' && <span>{host}</span>}
                </th>
                <td className="is-muted">{version === '' ? words.none : version}</td>
                <td className="is-number">{formatRate(figures.rate)}</td>
                <td className="is-number">{formatShare(figures.errors, figures.spans)}</td>
                <td className="is-number">{durationText(figures.p95Nano)}</td>
                <td className="is-muted">
                  <Time unixNano={lastUnixNano} as="ago" nowMs={nowMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
