import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { saveCanvasAsPng } from '../../widgets/save-picture.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { describeCells } from './describe-cells.ts';
import { layoutHeat } from './heat-layout.ts';
import { HeatLegend } from './heat-legend.tsx';
import { HeatView } from './heat-view.ts';
import type { Overview } from './overview-model.ts';
import type { Selection } from './overview-search.ts';
import type { TimeCursor } from './time-cursor.ts';
import { useWidth } from './use-width.ts';

export const HEAT_HEIGHT = 208;
const TIP_WIDTH = 216;

/** Spans by duration and start. A rectangle selects; the table view has the same numbers. */
export function HeatPanel(props: {
  readonly overview: Overview;
  readonly selection: Selection | undefined;
  readonly cursor: TimeCursor;
  /** What stands above, beside hint and legend. */
  readonly head: ReactNode;
  readonly onSelect: (selection: Selection | undefined) => void;
}) {
  const { overview, selection, cursor } = props;
  const host = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const live = useRef<HTMLParagraphElement>(null);
  const hint = useId();
  const width = useWidth(host);
  const layout = useMemo(() => layoutHeat(overview, width, HEAT_HEIGHT), [overview, width]);
  const [view, setView] = useState<HeatView>();
  const latest = useRef({ ...props, layout });
  latest.current = { ...props, layout };

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const built = new HeatView(
      {
        onSelect: (selected) => latest.current.onSelect(selected),
        onClear: () => latest.current.onSelect(undefined),
        onPoint: (cells, isByKey) => {
          const words = cells && describeCells(latest.current.layout, cells);
          showTip(tip.current, words, cells && built.boxOf(cells), latest.current.layout.width);
          if (isByKey && live.current !== null) live.current.textContent = words?.join(', ') ?? '';
        },
      },
      cursor,
      text.overview.errorLane,
    );
    element.prepend(built.element);
    setView(built);
    return () => built.destroy();
  }, [cursor]);
  useEffect(() => {
    if (width > 0) view?.setLayout(layout);
  }, [view, layout, width]);
  useEffect(() => view?.setSelection(selection), [view, selection]);
  const begin = (): void => {
    host.current?.focus();
    view?.beginByKey();
  };
  useCommands([
    { id: 'explore.select', group: 'explore', label: text.overview.commands.select, keys: ['s'], run: begin },
  ]);
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (view?.press(event.key, event.shiftKey) !== true) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <header className="overview-head">
        {props.head}
        <span className="overview-hint">{text.overview.heat.hint}</span>
        <HeatLegend largest={layout.largest} />
        <button
          type="button"
          className="button is-small is-icon is-quiet"
          aria-label={text.overview.heat.save}
          title={text.overview.heat.save}
          onClick={() => view && void saveCanvasAsPng(view.picture, 'clew-heatmap')}
        >
          <Icon name="download" />
        </button>
      </header>
      <div
        ref={host}
        className="heat-host"
        role="application"
        aria-roledescription={text.overview.heat.role}
        aria-label={text.overview.heat.label(overview.total)}
        aria-describedby={hint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys select, as the pointer does.
        tabIndex={0}
        onKeyDown={press}
        onBlur={() => view?.isSelecting === true && view.cancel()}
      >
        <div ref={tip} className="overview-tip" hidden />
        <p id={hint} className="visually-hidden">
          {text.overview.heat.keys}
        </p>
        <p ref={live} className="visually-hidden" aria-live="polite" />
      </div>
    </>
  );
}

/** Beside the cells, inside of the chart. Moved without React: it follows the pointer. */
function showTip(
  tip: HTMLElement | null,
  lines: readonly string[] | undefined,
  box: DOMRectReadOnly | undefined,
  width: number,
): void {
  if (tip === null) return;
  tip.hidden = lines === undefined || box === undefined;
  if (lines === undefined || box === undefined) return;
  tip.replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement('span');
      row.textContent = line;
      return row;
    }),
  );
  const isLeft = box.right + TIP_WIDTH + 12 > width;
  tip.style.left = `${isLeft ? Math.max(0, box.left - TIP_WIDTH - 10) : box.right + 10}px`;
  tip.style.top = `${Math.max(0, Math.min(box.top - 8, HEAT_HEIGHT - 84))}px`;
}
