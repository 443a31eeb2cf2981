import type { ServiceFigures } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { ProblemMessage } from '../../../widgets/problem-message.tsx';
import { useCommands } from '../../../widgets/use-commands.ts';
import { ScanLine } from '../../search/scan-line.tsx';
import { timeOf } from '../page-time.ts';
import { dependenciesQuery } from '../services-query.ts';
import { formatOpenGroups, parseOpenGroups, type RangeSearch, type ServicesSearch } from '../services-search.ts';
import { ChosenCard } from './chosen-card.tsx';
import { DependencyNote } from './dependency-note.tsx';
import { EdgeTable } from './edge-table.tsx';
import { type Chosen, GraphCanvas } from './graph-canvas.tsx';
import { buildMapGraph, type MapGraph } from './map-graph.ts';
import { MapLegend } from './map-legend.tsx';
import { MapToolbar } from './map-toolbar.tsx';
import { chooseGraph } from './shown-graph.ts';

const words = text.services;

/** Who calls whom: all services, grouped where they are many, or the neighbours of one. */
export function ServiceMap(props: {
  readonly services: readonly ServiceFigures[];
  readonly range: TimeRange;
  readonly search: ServicesSearch;
  readonly onChange: (change: Partial<Record<keyof ServicesSearch, string>>) => void;
}) {
  const { services, range, search, onChange } = props;
  const navigate = useNavigate();
  const dependencies = useQuery(dependenciesQuery(range));
  const { data, error, isFetching } = dependencies;
  const whole = useMemo(() => buildMapGraph(services, data?.edges ?? []), [services, data]);
  const shown = useMemo(
    () => chooseGraph(whole, search),
    [whole, search.focus, search.hops, search.groups, search.open],
  );
  const [chosen, setChosen] = useState<Chosen>();
  useEffect(() => setChosen(undefined), [search.focus]);
  const open = parseOpenGroups(search.open ?? '');
  const openGroup = (name: string): void => onChange({ open: formatOpenGroups([...open, name]) });
  const time = timeOf(search);
  const focus = (id: string): void => onChange({ focus: id });
  const openNode = (id: string): void => {
    const node = shown.graph.nodes.find((one) => one.id === id);
    if (node?.kind === 'group') openGroup(node.name);
    else if (node?.kind === 'service') {
      void navigate({ to: '/services/$name', params: { name: node.name }, search: time });
    } else focus(id);
  };
  useMapCommands(chosen, focus);
  if (data === undefined) {
    return (
      <>
        {isFetching && <div className="progress" />}
        {error !== null && <ProblemMessage error={error} onRetry={() => void dependencies.refetch()} />}
        <div className="map-panel" />
      </>
    );
  }
  return (
    <>
      {isFetching && <div className="progress" />}
      {error !== null && <ProblemMessage error={error} onRetry={() => void dependencies.refetch()} />}
      <MapToolbar whole={whole} shown={shown} search={search} open={open} onChange={onChange} />
      {shown.isUnreadable ? (
        <p className="services-none" role="status">
          {words.map.tooMany(shown.graph.nodes.length)}
        </p>
      ) : (
        <div className="map-panel">
          <GraphCanvas graph={shown.graph} wheelZooms chosen={chosen} onChoose={setChosen} onOpen={openNode} />
          <ChosenCard
            graph={shown.graph}
            chosen={chosen}
            time={time}
            onClose={() => setChosen(undefined)}
            onFocus={chosen?.node === search.focus ? undefined : focus}
            onOpenGroup={openGroup}
          />
        </div>
      )}
      <MapLegend hasGroups={shown.grouped.groups > 0} />
      <DependencyNote answer={data} />
      <MapTwin graph={shown.graph} isOpen={shown.isUnreadable} time={time} />
      <ScanLine statistics={data.statistics} />
    </>
  );
}

/** The calls of the map as rows. */
function MapTwin(props: { readonly graph: MapGraph; readonly isOpen: boolean; readonly time: RangeSearch }) {
  const parts = useMemo(() => props.graph.edges.flatMap((edge) => edge.parts), [props.graph]);
  return (
    <details className="map-twin" open={props.isOpen}>
      <summary>{words.map.table}</summary>
      {parts.length === 0 ? (
        <p className="services-note">{words.dependencies.none}</p>
      ) : (
        <EdgeTable edges={parts} time={props.time} label={words.map.table} />
      )}
    </details>
  );
}

/** Keys of the map; those without `run` are the map's own, listed for the sheet. */
function useMapCommands(chosen: Chosen, focus: (node: string) => void): void {
  const group = 'services';
  useCommands([
    { id: 'map.move', group, label: words.keys.mapMove, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
    { id: 'map.zoom', group, label: words.keys.mapZoom, keys: ['+', '-', '0'] },
    {
      ...{ id: 'map.focus', group, label: words.keys.mapFocus, keys: ['f'], palette: false },
      run: () => (chosen?.node === undefined || chosen.node.startsWith('group:') ? false : focus(chosen.node)),
    },
  ]);
}
