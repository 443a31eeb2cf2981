import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { text } from '../../../text/catalogue.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { formatRate, formatShare } from '../../overview/format-rate.ts';
import { callQuery, spansQuery } from '../explore-queries.ts';
import { HealthMark } from '../health-mark.tsx';
import type { RangeSearch } from '../services-search.ts';
import { describeNodeHealth, kindText } from './describe-map.ts';
import type { Chosen } from './graph-canvas.tsx';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';

const words = text.services;

interface CardProps {
  readonly graph: MapGraph;
  readonly time: RangeSearch;
  readonly onClose: () => void;
  /** Around the node; absent where that is shown already. */
  readonly onFocus?: ((node: string) => void) | undefined;
  readonly onOpenGroup?: (name: string) => void;
}

/** Figures of the chosen node or call, and where to go from it. */
export function ChosenCard(props: CardProps & { readonly chosen: Chosen }) {
  const { graph, chosen } = props;
  const node = graph.nodes.find(({ id }) => id === chosen?.node);
  const edge = graph.edges.find(({ id }) => id === chosen?.edge);
  if (node !== undefined) return <NodeCard {...props} node={node} />;
  return edge === undefined ? null : <EdgeCard {...props} edge={edge} />;
}

function NodeCard({ node, graph, time, onClose, onFocus, onOpenGroup }: CardProps & { readonly node: MapNode }) {
  const into = graph.edges.filter(({ to }) => to === node.id).length;
  const out = graph.edges.filter(({ from }) => from === node.id).length;
  return (
    <Card
      title={
        <>
          <HealthMark health={node.health} label={describeNodeHealth(node)} />
          {node.name}
        </>
      }
      lead={`${kindText(node)} · ${words.map.neighboursSaid(into, out)}`}
      figures={[
        [words.columns.rate, formatRate(node.rate)],
        [words.columns.errors, formatShare(node.errors, node.spans)],
        ...(node.services === undefined ? [] : [[words.map.unhealthyTitle, unhealthyOf(node)] as const]),
      ]}
      onClose={onClose}
    >
      {node.kind === 'service' && (
        <Link
          to="/services/$name"
          params={{ name: node.name }}
          search={time}
          className="button is-small"
          preload={false}
        >
          {words.map.openService}
        </Link>
      )}
      {node.kind === 'group' && onOpenGroup !== undefined && (
        <button type="button" className="button is-small" onClick={() => onOpenGroup(node.name)}>
          {words.map.openGroup}
        </button>
      )}
      {node.kind !== 'group' && onFocus !== undefined && (
        <button type="button" className="button is-small" onClick={() => onFocus(node.id)}>
          {words.map.around}
        </button>
      )}
      {node.kind === 'service' && (
        <Link to="/explore" search={{ q: spansQuery({ service: node.name }), ...time }} className="button is-small">
          {words.service.explore}
        </Link>
      )}
    </Card>
  );
}

function unhealthyOf({ services = { all: 0, unhealthy: 0 } }: MapNode): string {
  return words.map.share(services.unhealthy, services.all, formatShare(services.unhealthy, services.all));
}

function EdgeCard({ edge, graph, time, onClose }: CardProps & { readonly edge: MapEdge }) {
  const nameOf = (id: string): string => graph.nodes.find((node) => node.id === id)?.name ?? id;
  const [only] = edge.parts;
  const isOne = edge.parts.length === 1;
  const isService = isOne && only.caller.kind === 'service' && only.callee.kind === 'service';
  return (
    <Card
      title={`${nameOf(edge.from)} → ${nameOf(edge.to)}`}
      figures={[
        [words.columns.rate, formatRate(edge.rate)],
        [words.columns.errors, formatShare(edge.errors, edge.calls)],
        [words.columns.p50, formatDuration(edge.p50Nano)],
        [words.columns.p95, formatDuration(edge.p95Nano)],
        [words.columns.p99, formatDuration(edge.p99Nano)],
      ]}
      onClose={onClose}
    >
      {isService && (
        <Link
          to="/explore"
          search={{ q: callQuery(only.caller.name, only.callee.name), ...time }}
          className="button is-small"
        >
          {words.service.explore}
        </Link>
      )}
      {isOne && (
        <Link
          to="/trace/$traceId"
          params={{ traceId: only.exampleTraceId }}
          search={{}}
          className="button is-small"
          preload={false}
        >
          {words.dependencies.example}
        </Link>
      )}
    </Card>
  );
}

function Card(props: {
  readonly title: ReactNode;
  readonly lead?: string;
  readonly figures: readonly (readonly [name: string, value: string])[];
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <aside className="map-card" aria-live="polite">
      <header>
        <h3>{props.title}</h3>
        <button
          type="button"
          className="button is-quiet is-small is-icon"
          aria-label={text.shell.close}
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.lead !== undefined && <p>{props.lead}</p>}
      <dl>
        {props.figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="map-card-actions">{props.children}</div>
    </aside>
  );
}
