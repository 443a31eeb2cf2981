import { useEffect, useMemo, useRef, useState } from 'react';
import { heavyFlame, timeFlame } from '../../flame/flame-model.ts';
import { FlameView } from '../../flame/flame-view.ts';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { ColourScheme } from '../../timeline/colour-scheme.ts';
import { RulerView } from '../../timeline/ruler-view.ts';
import { clampWindow } from '../../timeline/time-scale.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import type { TraceStage } from '../../timeline/trace-stage.ts';
import './flame-panel.css';

interface FlamePanelProps {
  readonly trace: TraceModel;
  readonly scheme: ColourScheme;
  /** In order of time it shares the zoom of minimap and waterfall; merged it has its own. */
  readonly order: 'flame' | 'heavy';
  readonly stage: TraceStage | undefined;
  readonly selectedRow: number;
  readonly matches: Int32Array | undefined;
  readonly onOpen: (row: number) => void;
}

/** A flame graph of the trace, with its axis. */
export function FlamePanel(props: FlamePanelProps) {
  const { trace, scheme, order, stage, selectedRow, matches } = props;
  const axis = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<FlameView | undefined>();
  const latest = useRef(props);
  latest.current = props;
  const model = useMemo(() => (order === 'flame' ? timeFlame(trace) : heavyFlame(trace)), [trace, order]);

  useEffect(() => {
    if (axis.current === null || body.current === null) return;
    const shared = order === 'flame' ? stage : undefined;
    const whole = clampWindow({ from: 0, to: model.total }, model.total);
    const ruler = new RulerView(shared?.shownWindow ?? whole);
    const label = text.trace.flame.label[order];
    const shown = { window: shared?.shownWindow ?? whole, scheme: latest.current.scheme };
    const built = new FlameView(model, shown, label, {
      onOpen: (row) => latest.current.onOpen(row),
      onWindow: (window) => {
        ruler.setWindow(window);
        shared?.setWindow(window);
      },
    });
    axis.current.append(ruler.axis);
    body.current.append(ruler.lines, built.element);
    const stopWatching = shared?.watchWindow((window) => {
      ruler.setWindow(window);
      built.setWindow(window);
    });
    setView(built);
    return () => {
      stopWatching?.();
      ruler.destroy();
      ruler.axis.remove();
      ruler.lines.remove();
      built.destroy();
      setView(undefined);
    };
  }, [model, order, stage]);
  useEffect(() => view?.setScheme(scheme), [view, scheme]);
  useEffect(() => view?.setSelected(selectedRow), [view, selectedRow]);
  useEffect(() => view?.setMatches(matches), [view, matches]);

  return (
    <div className="flame-panel">
      <p className="flame-hint">{text.trace.flame.hint[order](formatDuration(model.total))}</p>
      <div className="flame-axis" ref={axis} />
      <div className="flame-body" ref={body} />
    </div>
  );
}
