import type { KeyboardEvent, Ref } from 'react';
import type { GraphLayout, PlacedNode, RoutedEdge } from '../../graph/graph-layout.ts';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { type LabelPlace, placeLabels } from './place-labels.ts';
import type { ServiceCalls, ServiceNode, TraceGraph } from './trace-graph.ts';
import type { TraceSummary } from './trace-summary.ts';

/** Around the drawing. */
export const MAP_MARGIN_PX = 24;
const MAX_NAME_CHARACTERS = 22;
const MIN_LINE_PX = 1.25;
const MAX_LINE_PX = 7;

interface DrawingProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly graph: TraceGraph;
  readonly layout: GraphLayout;
  /** Of the drawing's own size. */
  readonly scale: number;
  /** Nanoseconds of the critical path; 0 while it is not known. */
  readonly total: number;
  readonly onFind: (words: string) => void;
  readonly onOpen: (row: number) => void;
}

/** The map itself: lines below, services above. */
export function TraceMapDrawing(props: DrawingProps) {
  const { graph, layout, scale } = props;
  const nodes = new Map(graph.nodes.map((node) => [String(node.service), node]));
  const calls = new Map(graph.calls.map((call) => [`${call.from} ${call.to}`, call]));
  const lines = layout.edges.flatMap((edge) => {
    const call = calls.get(`${edge.from} ${edge.to}`);
    return call === undefined ? [] : [{ edge, call }];
  });
  // Figures that find no room are in the table, and where the pointer or the focus is.
  const places = placeLabels(
    { nodes: layout.nodes, edges: lines.map(({ edge }) => edge) },
    lines.map(({ call }) => ({
      text: figuresOf(call, props.total),
      lines: call.errorCount > 0 ? 2 : 1,
      importance: call.critical > 0 ? call.critical : -1 / (1 + call.total),
    })),
  );
  const width = layout.width + 2 * MAP_MARGIN_PX;
  const height = layout.height + 2 * MAP_MARGIN_PX;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no element for a group of controls.
    <svg
      ref={props.ref}
      width={width * scale}
      height={height * scale}
      viewBox={`${-MAP_MARGIN_PX} ${-MAP_MARGIN_PX} ${width} ${height}`}
      role="group"
      aria-label={text.traceMap.label}
    >
      <defs>
        <marker
          id="call-end"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path className="map-arrow" d="M0 0.5 8 4 0 7.5z" />
        </marker>
      </defs>
      {lines.map(({ edge, call }, at) => (
        <Line key={`${edge.from} ${edge.to}`} {...props} edge={edge} call={call} label={places[at]} />
      ))}
      {layout.nodes.map((placed) => {
        const node = nodes.get(placed.id);
        return node === undefined ? null : <Node key={placed.id} {...props} placed={placed} node={node} />;
      })}
    </svg>
  );
}

/** "12 calls · 34 ms · 56 %", the last where it is on the critical path. */
function figuresOf({ count, total, critical }: ServiceCalls, pathTotal: number): string {
  const share = pathTotal === 0 ? 0 : critical / pathTotal;
  const figures = text.traceMap.edgeFigures(count, formatDuration(total));
  return share > 0 ? `${figures} · ${text.dock.percent(share)}` : figures;
}

function Line(
  props: DrawingProps & {
    readonly edge: RoutedEdge;
    readonly call: ServiceCalls;
    readonly label: LabelPlace;
  },
) {
  const { trace, edge, call, total, onOpen } = props;
  const { services } = trace.columns;
  const share = total === 0 ? 0 : call.critical / total;
  const duration = formatDuration(call.total);
  const said = text.traceMap.edge(services[call.from], services[call.to], call.count, duration);
  const open = (): void => onOpen(call.longestRow);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an HTML button cannot be in a drawing.
    <g
      className={`map-line${share > 0 ? ' is-critical' : ''}${call.errorCount > 0 ? ' has-errors' : ''}${props.label.isCovered ? ' is-covered' : ''}`}
      role="button"
      tabIndex={0}
      aria-label={said}
      onClick={open}
      onKeyDown={onEnter(open)}
    >
      <title>{said}</title>
      <path className="map-line-target" d={edge.path} />
      <path
        className="map-line-drawn"
        d={edge.path}
        strokeWidth={MIN_LINE_PX + share * (MAX_LINE_PX - MIN_LINE_PX)}
        markerEnd="url(#call-end)"
      />
      <text className="map-label" x={props.label.x} y={props.label.y - 5} textAnchor="middle">
        {figuresOf(call, total)}
      </text>
      {call.errorCount > 0 && (
        <text className="map-label is-error" x={props.label.x} y={props.label.y + 14} textAnchor="middle">
          {text.traceMap.errors(call.errorCount)}
        </text>
      )}
    </g>
  );
}

function Node(props: DrawingProps & { readonly placed: PlacedNode; readonly node: ServiceNode }) {
  const { trace, summary, placed, node, onFind } = props;
  const name = trace.columns.services[node.service];
  const { colour } = summary.colours[node.service];
  const self = formatDuration(node.selfTime);
  const find = (): void => onFind(name);
  const shown = name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}…` : name;
  return (
    // biome-ignore lint/a11y/useSemanticElements: an HTML button cannot be in a drawing.
    <g
      className={`map-node is-service-${colour}`}
      transform={`translate(${placed.x} ${placed.y})`}
      role="button"
      tabIndex={0}
      aria-label={text.traceMap.node(name, node.spanCount, node.errorCount, self)}
      onClick={find}
      onKeyDown={onEnter(find)}
    >
      <title>{name}</title>
      <rect className="map-box" width={placed.width} height={placed.height} rx="4" />
      <rect className="map-colour" width="5" height={placed.height} rx="2" />
      <text className="map-name" x="14" y="19">
        {shown}
      </text>
      <text className="map-figures" x="14" y="36">
        {text.traceMap.nodeFigures(node.spanCount, self)}
      </text>
      {node.errorCount > 0 && (
        <g className="map-errors" transform={`translate(${placed.width - 12} 12)`}>
          <path d="M0-7 7.500 6h-15z" />
          <path className="map-errors-mark" d="M0-2v4M0 4.200v.100" />
          <title>{text.traceMap.errors(node.errorCount)}</title>
        </g>
      )}
    </g>
  );
}

function onEnter(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
