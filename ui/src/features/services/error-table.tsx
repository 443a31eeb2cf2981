import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatCompact } from '../../text/format-count.ts';
import { Time } from '../../widgets/time.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { spansQuery } from './explore-queries.ts';
import { ScrollRegion } from './scroll-region.tsx';
import type { ServiceViewProps } from './service-view-props.ts';

const words = text.services.service;

/** What goes wrong in a service: errors by operation and message, most frequent first, each with traces. */
export function ErrorTable({ answer, service, time }: ServiceViewProps) {
  const nowMs = useNow(10_000);
  const { errors } = answer;
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.errorGroups}</h2>
        {answer.hasMoreErrors && <span>{words.shortened(errors.length)}</span>}
      </header>
      {errors.length === 0 ? (
        <p className="services-note">{words.noErrors}</p>
      ) : (
        <ScrollRegion label={words.errorGroups} isBounded>
          <table className="figures-table">
            <thead>
              <tr>
                <th>{words.errorColumns.what}</th>
                <th className="is-number">{words.errorColumns.count}</th>
                <th>{words.errorColumns.last}</th>
                <th>{words.errorColumns.traces}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map((error) => (
                <tr key={[error.kind, error.name, error.message, error.exceptionType].join('\n')}>
                  <th scope="row" className="error-what">
                    <Link
                      to="/explore"
                      search={{
                        q: spansQuery({
                          ...{ service: service.name, name: error.name, kind: error.kind, onlyErrors: true },
                          message: error.message,
                        }),
                        ...time,
                      }}
                    >
                      {error.message !== '' ? error.message : error.exceptionType || words.noMessage}
                    </Link>
                    <span>
                      {error.name}
                      {error.exceptionType !== '' && error.message !== '' && ` · ${error.exceptionType}`}
                    </span>
                  </th>
                  <td className="is-number">{formatCompact(Math.round(error.spans))}</td>
                  <td className="is-muted">
                    <Time unixNano={error.lastUnixNano} as="ago" nowMs={nowMs} />
                  </td>
                  <td className="error-examples">
                    {error.examples.map(({ traceId, spanId }, at) => (
                      <Link
                        key={`${traceId} ${spanId}`}
                        to="/trace/$traceId"
                        params={{ traceId }}
                        search={{ span: spanId }}
                        preload={false}
                        aria-label={words.example(at + 1)}
                      >
                        {at + 1}
                      </Link>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  );
}
