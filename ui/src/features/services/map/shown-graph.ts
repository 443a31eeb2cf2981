import { text } from '../../../text/catalogue.ts';
import { parseOpenGroups, type ServicesSearch } from '../services-search.ts';
import { egoGraph } from './ego-graph.ts';
import { groupGraph, groupNames, limitGraph, MAX_READABLE_NODES } from './group-graph.ts';
import type { MapGraph } from './map-graph.ts';

/** More than this is not drawn even when asked for. */
const MAX_DRAWN_NODES = 600;

export interface ShownGraph {
  readonly graph: MapGraph;
  /** Groups that are closed, and services in them. */
  readonly grouped: { readonly groups: number; readonly services: number };
  /** Too many nodes to draw. */
  readonly isUnreadable: boolean;
  /** The node in whose surroundings we are; undefined: none, or it is not there. */
  readonly focus: string | undefined;
}

/** What of all services and calls is drawn: the neighbours of one, all of them, or groups where they are many. */
export function chooseGraph(
  whole: MapGraph,
  search: Pick<ServicesSearch, 'focus' | 'hops' | 'groups' | 'open'>,
): ShownGraph {
  const none = { groups: 0, services: 0 };
  if (search.focus !== undefined) {
    const ego = egoGraph(whole, search.focus, search.hops === '2' ? 2 : 1);
    if (ego !== undefined) {
      const isUnreadable = ego.nodes.length > MAX_READABLE_NODES;
      return { graph: ego, grouped: none, isUnreadable, focus: search.focus };
    }
  }
  const isMany = whole.nodes.length > MAX_READABLE_NODES;
  if (search.groups === 'none' || (search.groups === undefined && !isMany)) {
    const isUnreadable = whole.nodes.length > MAX_DRAWN_NODES;
    return { graph: whole, grouped: none, isUnreadable, focus: undefined };
  }
  const open = new Set(parseOpenGroups(search.open ?? ''));
  const names = groupNames(whole);
  const grouped = groupGraph(whole, names, open);
  const isOpened = ({ id }: { readonly id: string }): boolean => open.has(names.get(id) ?? '');
  const graph = limitGraph(grouped, text.services.map.ungrouped, isOpened);
  const groups = graph.nodes.filter(({ kind }) => kind === 'group');
  const services = groups.flatMap(({ members }) => members).filter((id) => id.startsWith('service:')).length;
  const isUnreadable = graph.nodes.length > MAX_DRAWN_NODES;
  return { graph, grouped: { groups: groups.length, services }, isUnreadable, focus: undefined };
}
