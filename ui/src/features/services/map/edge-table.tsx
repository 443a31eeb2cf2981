import type { DependencyEdge, DependencyNode } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { text } from '../../../text/catalogue.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import { formatRate, formatShare } from '../../overview/format-rate.ts';
import { callQuery } from '../explore-queries.ts';
import { HealthMark } from '../health-mark.tsx';
import { ScrollRegion } from '../scroll-region.tsx';
import { healthOf } from '../service-health.ts';
import type { RangeSearch } from '../services-search.ts';

const words = text.services.dependencies;
/** Rows shown until more are asked for. */
const FIRST_ROWS = 50;

/** Calls as rows: what the map shows, to be read. */
export function EdgeTable(props: {
  readonly edges: readonly DependencyEdge[];
  readonly time: RangeSearch;
  readonly label: string;
  /** The end that is the same in all of them. */
  readonly without?: 'caller' | 'callee';
}) {
  const { edges, time, without } = props;
  const [all, setAll] = useState(false);
  const shown = all ? edges : edges.slice(0, FIRST_ROWS);
  return (
    <>
      <ScrollRegion label={props.label}>
        <table className="figures-table">
          <thead>
            <tr>
              {without !== 'caller' && <th>{words.columns.caller}</th>}
              {without !== 'callee' && <th>{words.columns.callee}</th>}
              <th className="is-number">{words.columns.rate}</th>
              <th className="is-number">{words.columns.errors}</th>
              <th className="is-number">{words.columns.p50}</th>
              <th className="is-number">{words.columns.p95}</th>
              <th className="is-number">{words.columns.p99}</th>
              <th>{text.services.service.explore}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((edge) => (
              <EdgeRow key={edgeKey(edge)} edge={edge} time={time} without={without} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {shown.length < edges.length && (
        <button type="button" className="button is-small" onClick={() => setAll(true)}>
          {text.series.moreLines(edges.length - shown.length)}
        </button>
      )}
    </>
  );
}

function EdgeRow(props: {
  readonly edge: DependencyEdge;
  readonly time: RangeSearch;
  readonly without: 'caller' | 'callee' | undefined;
}) {
  const { edge, time, without } = props;
  const { caller, callee, calls, errors } = edge;
  const health = healthOf({ spans: calls, errors });
  const areServices = caller.kind === 'service' && callee.kind === 'service';
  return (
    <tr>
      <th scope="row">
        <EndName end={without === 'caller' ? callee : caller} time={time} />
      </th>
      {without === undefined && (
        <td>
          <EndName end={callee} time={time} />
        </td>
      )}
      <td className="is-number">{formatRate(edge.rate)}</td>
      <td className="is-number">
        {(health === 'warn' || health === 'bad') && <HealthMark health={health} />} {formatShare(errors, calls)}
      </td>
      <td className="is-number">{formatDuration(edge.p50Nano)}</td>
      <td className="is-number">{formatDuration(edge.p95Nano)}</td>
      <td className="is-number">{formatDuration(edge.p99Nano)}</td>
      <td className="edge-links">
        {areServices && (
          <Link to="/explore" search={{ q: callQuery(caller.name, callee.name), ...time }} preload={false}>
            {text.services.service.all}
          </Link>
        )}
        <Link to="/trace/$traceId" params={{ traceId: edge.exampleTraceId }} search={{}} preload={false}>
          {words.example}
        </Link>
      </td>
    </tr>
  );
}

function EndName({ end, time }: { readonly end: DependencyNode; readonly time: RangeSearch }) {
  if (end.kind !== 'service') {
    return (
      <>
        {end.name} <small className="is-muted">{words.kinds[end.kind]}</small>
      </>
    );
  }
  return (
    <Link to="/services/$name" params={{ name: end.name }} search={time} preload={false}>
      {end.name}
    </Link>
  );
}

function edgeKey({ caller, callee }: DependencyEdge): string {
  return [caller.kind, caller.name, callee.kind, callee.name].join('\n');
}
