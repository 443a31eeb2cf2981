import { useEffect, useRef, useState } from 'react';
import type { GraphLayout } from '../../../graph/graph-layout.ts';
import { loadLayout } from '../../../graph/load-layout.ts';
import { text } from '../../../text/catalogue.ts';
import { IconButton } from '../../../widgets/icon-button.tsx';
import { staleProps } from '../../../widgets/stale-props.ts';
import { describeEdge, describeNode } from './describe-map.ts';
import { layoutInput } from './map-drawing.ts';
import type { MapGraph } from './map-graph.ts';
import { MapView } from './map-view.ts';
import './map.css';

const words = text.services.map;

export type Chosen = { readonly node?: string; readonly edge?: string } | undefined;

/** A graph that is laid out and can be moved around in. */
export function GraphCanvas(props: {
  readonly graph: MapGraph;
  /** Whether the wheel zooms without Ctrl. */
  readonly wheelZooms: boolean;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
  readonly onOpen: (node: string) => void;
}) {
  const { graph, chosen, wheelZooms } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<MapView>(undefined);
  const [layout, setLayout] = useState<{ readonly of: MapGraph; readonly layout: GraphLayout }>();
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const built = new MapView(
      words.role,
      words.role,
      {
        onChoose: (now) => latest.current.onChoose(now),
        onOpen: (node) => latest.current.onOpen(node),
        describe: (id) => describe(latest.current.graph, id),
      },
      wheelZooms,
    );
    view.current = built;
    element.prepend(built.element);
    return () => built.destroy();
  }, [wheelZooms]);
  useEffect(() => {
    const { clientWidth: width, clientHeight: height } = host.current ?? document.body;
    return loadLayout(layoutInput(graph), { area: { width, height } }, (made) =>
      setLayout({ of: graph, layout: made }),
    );
  }, [graph]);
  useEffect(() => {
    if (layout === undefined) return;
    view.current?.element.setAttribute('aria-label', words.label(layout.of.nodes.length, layout.of.edges.length));
    view.current?.show(layout.of, layout.layout);
    view.current?.choose(latest.current.chosen?.node ?? latest.current.chosen?.edge);
  }, [layout]);
  useEffect(() => view.current?.choose(chosen?.node ?? chosen?.edge), [chosen]);
  const isLaying = layout?.of !== graph;
  return (
    <div ref={host} {...staleProps(isLaying, 'map-host')}>
      {isLaying && <div className="progress" />}
      <div className="map-zoom">
        <IconButton isLarge icon="plus" label={words.zoomIn} onClick={() => view.current?.zoom(1.4)} />
        <IconButton isLarge icon="minus" label={words.zoomOut} onClick={() => view.current?.zoom(1 / 1.4)} />
        <IconButton isLarge icon="fit" label={words.fit} onClick={() => view.current?.fit()} />
      </div>
    </div>
  );
}

function describe(graph: MapGraph, id: string): string {
  const node = graph.nodes.find((one) => one.id === id);
  if (node !== undefined) return describeNode(node, graph);
  const edge = graph.edges.find((one) => one.id === id);
  return edge === undefined ? '' : describeEdge(edge, graph);
}
