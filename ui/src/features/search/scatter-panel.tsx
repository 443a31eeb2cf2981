import type { FoundTrace } from '@clew/contract';
import { useEffect, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatInstant } from '../../text/format-time.ts';
import { layoutScatter, type ScatterPoint, scatterRange } from './scatter-layout.ts';
import { ScatterView } from './scatter-view.ts';
import type { ResolvedRange } from './time-range.ts';
import './scatter-panel.css';

const HEIGHT_PX = 168;
const TIP_WIDTH_PX = 260;

/** Duration over time of the loaded traces. The result list is its table. */
export function ScatterPanel(props: {
  readonly traces: readonly FoundTrace[];
  readonly range: ResolvedRange;
  /** Whether older traces exist that are not loaded. */
  readonly more: boolean;
  readonly onTrace: (traceId: string) => void;
  readonly onBrush: (fromMs: number, toMs: number) => void;
}) {
  const { traces, range, more } = props;
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<ScatterView | undefined>();
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<ScatterPoint | undefined>();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const built = new ScatterView({
      onPoint: (point) => latest.current.onTrace(point.trace.traceId),
      onBrush: (fromMs, toMs) => latest.current.onBrush(fromMs, toMs),
      onHover: setHovered,
    });
    element.append(built.canvas);
    setView(built);
    const resizing = new ResizeObserver(() => setWidth(element.clientWidth));
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      built.destroy();
    };
  }, []);

  useEffect(() => {
    if (view === undefined || width === 0) return;
    setHovered(undefined);
    view.setLayout(layoutScatter(traces, scatterRange(traces, range, more), width, HEIGHT_PX));
  }, [view, width, traces, range, more]);

  return (
    <figure className="scatter">
      <figcaption className="scatter-head">
        <h2>{text.explore.scatter.title}</h2>
        <span className="scatter-hint">{text.explore.scatter.hint}</span>
        <span className="scatter-legend">
          <i className="scatter-ok" aria-hidden="true" /> {text.explore.scatter.legendOk}
          <i className="scatter-failed" aria-hidden="true" /> {text.explore.scatter.legendError}
        </span>
      </figcaption>
      <div ref={host} className="scatter-host" role="img" aria-label={text.explore.scatter.label(traces.length)}>
        {hovered !== undefined && (
          <div
            className="scatter-tip"
            ref={(element) => {
              if (element === null) return;
              const left = Math.min(Math.max(4, hovered.x + 14), width - TIP_WIDTH_PX - 4);
              element.style.left = `${hovered.x + 14 + TIP_WIDTH_PX > width ? Math.max(4, hovered.x - TIP_WIDTH_PX - 14) : left}px`;
              element.style.top = `${Math.max(0, Math.min(hovered.y - 20, HEIGHT_PX - 84))}px`;
            }}
          >
            <strong>
              {hovered.trace.rootService === '' ? text.explore.results.noRoot : hovered.trace.rootService}
            </strong>
            <span>{hovered.trace.rootName}</span>
            <span>
              {`${formatDuration(hovered.durationNano)} · ${text.explore.results.spans(hovered.trace.spanCount)}`}
              {hovered.failed && (
                <b className="is-error">{` · ${text.explore.results.errorCount(hovered.trace.errorCount)}`}</b>
              )}
            </span>
            <span className="is-muted">{formatInstant(hovered.startMs)}</span>
          </div>
        )}
      </div>
    </figure>
  );
}
