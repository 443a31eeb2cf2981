import type { OperationFigures } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatRate, formatShare } from '../overview/format-rate.ts';
import { ChangeMark } from './change-mark.tsx';
import { spansQuery } from './explore-queries.ts';
import { durationChange, ratioChange, shareChange } from './figure-change.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { durationText, shareOf } from './service-row.tsx';
import type { ServiceViewProps } from './service-view-props.ts';

const words = text.services;
/** OTLP numbers. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** What a service does: operations with rate, errors and durations; the most time first. Names lead to traces. */
export function OperationTable({ answer, service, search, time, onChange }: ServiceViewProps) {
  const onlyRequests = search.ops !== 'all' && service.counted === 'requests';
  const shown = useMemo(
    () => answer.operations.filter(({ isRequest }) => isRequest || !onlyRequests),
    [answer, onlyRequests],
  );
  const total = shown.reduce((sum, { totalNano }) => sum + totalNano, 0);
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.service.operations}</h2>
        <span>{words.service.operationsLead(shown.length, answer.hasMoreOperations)}</span>
        {service.counted === 'requests' && (
          <label className="service-check">
            <input
              type="checkbox"
              checked={onlyRequests}
              onChange={(event) => onChange({ ops: event.target.checked ? '' : 'all' })}
            />
            {words.service.onlyRequests}
          </label>
        )}
      </header>
      {shown.length === 0 ? (
        <p className="services-note">{words.service.noOperations}</p>
      ) : (
        <ScrollRegion label={words.service.operations}>
          <table className="figures-table">
            <thead>
              <tr>
                <th>{words.service.operation}</th>
                <th>{words.service.kind}</th>
                <th className="is-number">{words.columns.rate}</th>
                <th className="is-number">{words.columns.errors}</th>
                <th className="is-number">{words.columns.p50}</th>
                <th className="is-number">{words.columns.p95}</th>
                <th className="is-number">{words.columns.p99}</th>
                <th className="is-number" title={words.service.totalHint}>
                  {words.service.total}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((operation) => (
                <tr key={`${operation.kind} ${operation.name}`}>
                  <th scope="row">
                    <Link
                      to="/explore"
                      search={{
                        q: spansQuery({ service: service.name, name: operation.name, kind: operation.kind }),
                        ...time,
                      }}
                    >
                      {operation.name === '' ? text.trace.namelessSpan : operation.name}
                    </Link>
                  </th>
                  <td className="is-muted">{KINDS[operation.kind] ?? String(operation.kind)}</td>
                  <OperationNumbers operation={operation} total={total} />
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  );
}

function OperationNumbers({ operation, total }: { readonly operation: OperationFigures; readonly total: number }) {
  const { now, before } = operation;
  return (
    <>
      <td className="is-number">
        {now === null ? words.none : formatRate(now.rate)} <ChangeMark change={ratioChange(now?.rate, before?.rate)} />
      </td>
      <td className="is-number">
        {now === null ? words.none : formatShare(now.errors, now.spans)}{' '}
        <ChangeMark change={shareChange(shareOf(now), shareOf(before))} worse="up" />
      </td>
      <td className="is-number">{durationText(now?.p50Nano)}</td>
      <td className="is-number">
        {durationText(now?.p95Nano)} <ChangeMark change={durationChange(now?.p95Nano, before?.p95Nano)} worse="up" />
      </td>
      <td className="is-number">{durationText(now?.p99Nano)}</td>
      <td className="is-number">{formatShare(operation.totalNano, total)}</td>
    </>
  );
}
