import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { GraphLayout, LayoutGraph } from '../../graph/graph-layout.ts';
import { loadLayout } from '../../graph/load-layout.ts';
import { text } from '../../text/catalogue.ts';
import type { CriticalSections } from '../../timeline/critical-path.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import { saveSvgAsPng } from '../../widgets/save-picture.ts';
import { CallsTable } from './calls-table.tsx';
import { buildTraceGraph, type TraceGraph } from './trace-graph.ts';
import { MAP_MARGIN_PX, TraceMapDrawing } from './trace-map-drawing.tsx';
import type { TraceSummary } from './trace-summary.ts';
import './trace-map.css';

const NODE_WIDTH_PX = 168;
const NODE_HEIGHT_PX = 46;
/** The heaviest line as a multiple of the lightest, for the layout. */
const MAX_WEIGHT = 9;
/** Smaller, names could not be read; what does not fit then is scrolled to. */
const MIN_SCALE = 0.75;
/** With more services they stand closer. */
const FEW_NODES = 12;

interface TraceMapProps {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly critical: CriticalSections | undefined;
  /** Finds the spans of a service. */
  readonly onFind: (words: string) => void;
  readonly onOpen: (row: number) => void;
}

/** The services of a trace and their calls, drawn and as a table. */
export function TraceMap({ trace, summary, critical, onFind, onOpen }: TraceMapProps) {
  const graph = useMemo(() => buildTraceGraph(trace, critical), [trace, critical]);
  const layout = useLayout(trace, graph);
  const drawing = useRef<SVGSVGElement>(null);
  const room = useRef<HTMLElement>(null);
  const scale = useScale(room, layout);
  const total = critical?.total ?? 0;
  return (
    <div className="trace-map">
      <div className="trace-map-head">
        <p>{text.traceMap.hint}</p>
        <button
          type="button"
          className="button is-quiet is-small"
          disabled={layout === undefined}
          onClick={() => {
            if (drawing.current !== null) void saveSvgAsPng(drawing.current, `trace-${trace.columns.traceId}-map`);
          }}
        >
          <Icon name="image" />
          {text.traceMap.png}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section ref={room} className="trace-map-scroll" tabIndex={0} aria-label={text.traceMap.label}>
        {layout === undefined ? (
          <p className="visually-hidden" role="status">
            {text.traceMap.drawing}
          </p>
        ) : (
          <TraceMapDrawing ref={drawing} {...{ trace, summary, graph, layout, scale, total, onFind, onOpen }} />
        )}
      </section>
      {graph.calls.length === 0 ? (
        <p className="trace-map-alone">{text.traceMap.onlyOne}</p>
      ) : (
        <CallsTable {...{ trace, summary, total, onOpen }} calls={graph.calls} />
      )}
    </div>
  );
}

/** Laid out by what does not change when the critical path arrives. */
function useLayout(trace: TraceModel, graph: TraceGraph): GraphLayout | undefined {
  const [layout, setLayout] = useState<GraphLayout | undefined>();
  const shape = useMemo((): LayoutGraph => {
    const { nodes, calls } = buildTraceGraph(trace, undefined);
    const most = calls.reduce((largest, { count }) => Math.max(largest, count), 1);
    return {
      nodes: nodes.map(({ service }) => ({ id: String(service), width: NODE_WIDTH_PX, height: NODE_HEIGHT_PX })),
      edges: calls.map(({ from, to, count }) => ({
        from: String(from),
        to: String(to),
        weight: 1 + (MAX_WEIGHT * Math.log(count)) / Math.max(1, Math.log(most)),
      })),
    };
  }, [trace]);
  useEffect(() => {
    const nodeGap = shape.nodes.length > FEW_NODES ? 20 : 36;
    return loadLayout(shape, { rankGap: 150, nodeGap }, setLayout);
  }, [shape]);
  return graph.nodes.length === 0 ? undefined : layout;
}

/** What makes the drawing fit its room, within limits. */
function useScale(room: RefObject<HTMLElement | null>, layout: GraphLayout | undefined): number {
  const [scale, setScale] = useState(1);
  useEffect(() => {
    const element = room.current;
    if (element === null || layout === undefined) return;
    const fit = (): void => {
      const wanted = Math.min(
        element.clientWidth / (layout.width + 2 * MAP_MARGIN_PX),
        element.clientHeight / (layout.height + 2 * MAP_MARGIN_PX),
      );
      setScale(Math.min(1, Math.max(MIN_SCALE, wanted)));
    };
    const watching = new ResizeObserver(fit);
    watching.observe(element);
    return () => watching.disconnect();
  }, [room, layout]);
  // The first service stands in the middle of its height: what does not fit is above and below.
  useEffect(() => {
    const element = room.current;
    if (element !== null) element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
  }, [room, layout, scale]);
  return scale;
}
