import type { DependencyEdge } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { ChosenCard } from './map/chosen-card.tsx';
import { DependencyNote } from './map/dependency-note.tsx';
import { EdgeTable } from './map/edge-table.tsx';
import { egoGraph } from './map/ego-graph.ts';
import { type Chosen, GraphCanvas } from './map/graph-canvas.tsx';
import { MAX_READABLE_NODES } from './map/group-graph.ts';
import { buildMapGraph, nodeId } from './map/map-graph.ts';
import type { ServiceViewProps } from './service-view-props.ts';
import { dependenciesQuery, overviewQuery } from './services-query.ts';
import type { RangeSearch } from './services-search.ts';

const words = text.services;

/** Whom a service calls and who calls it: a map of its neighbours, and both as tables. */
export function DependencyPanel({ service, range, search, time, onChange }: ServiceViewProps) {
  const navigate = useNavigate();
  const dependencies = useQuery(dependenciesQuery(range));
  const overview = useQuery(overviewQuery(range));
  const [chosen, setChosen] = useState<Chosen>();
  const { data, error } = dependencies;
  const focus = nodeId({ kind: 'service', name: service.name });
  const hops = search.hops === '2' ? 2 : 1;
  const graph = useMemo(() => {
    const whole = buildMapGraph(overview.data?.services ?? [service], data?.edges ?? []);
    return egoGraph(whole, focus, hops) ?? { nodes: [], edges: [] };
  }, [data, overview.data, service, focus, hops]);
  const open = (id: string): void => {
    const node = graph.nodes.find((one) => one.id === id);
    if (node?.kind !== 'service' || id === focus) return;
    void navigate({ to: '/services/$name', params: { name: node.name }, search: time });
  };
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.service.dependencies}</h2>
        <fieldset className="services-views">
          <legend className="visually-hidden">{words.map.distance}</legend>
          {([1, 2] as const).map((count) => (
            <button
              key={count}
              type="button"
              className="button is-small"
              aria-pressed={hops === count}
              onClick={() => onChange({ hops: count === 2 ? '2' : '' })}
            >
              {words.map.neighbours(count)}
            </button>
          ))}
        </fieldset>
      </header>
      {error !== null && <ProblemMessage error={error} onRetry={() => void dependencies.refetch()} />}
      {data === undefined && error === null && <div className="map-panel is-small" />}
      {data !== undefined && (
        <>
          {graph.nodes.length > MAX_READABLE_NODES ? (
            <p className="services-note">{words.map.tooMany(graph.nodes.length)}</p>
          ) : (
            graph.edges.length > 0 && (
              <div className="map-panel is-small">
                <GraphCanvas graph={graph} wheelZooms={false} chosen={chosen} onChoose={setChosen} onOpen={open} />
                <ChosenCard graph={graph} chosen={chosen} time={time} onClose={() => setChosen(undefined)} />
              </div>
            )
          )}
          <DependencyNote answer={data} />
          <CallTables edges={data.edges} focus={focus} time={time} />
        </>
      )}
    </section>
  );
}

/** Calls to a service and calls that it makes, side by side. */
function CallTables(props: {
  readonly edges: readonly DependencyEdge[];
  readonly focus: string;
  readonly time: RangeSearch;
}) {
  const { edges, focus, time } = props;
  const callers = edges.filter(({ callee }) => nodeId(callee) === focus);
  const callees = edges.filter(({ caller }) => nodeId(caller) === focus);
  return (
    <div className="service-pair">
      <div>
        <h3>{words.service.callers}</h3>
        {callers.length === 0 ? (
          <p className="services-note">{words.service.noCallers}</p>
        ) : (
          <EdgeTable edges={callers} time={time} label={words.service.callers} without="callee" />
        )}
      </div>
      <div>
        <h3>{words.service.callees}</h3>
        {callees.length === 0 ? (
          <p className="services-note">{words.service.noCallees}</p>
        ) : (
          <EdgeTable edges={callees} time={time} label={words.service.callees} without="caller" />
        )}
      </div>
    </div>
  );
}
