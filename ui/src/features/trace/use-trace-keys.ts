import type { RefObject } from 'react';
import type { RowModel } from '../../timeline/row-model.ts';
import type { TraceStage } from '../../timeline/trace-stage.ts';
import { copyText } from '../../widgets/copy-text.ts';
import { useShortcuts } from '../../widgets/use-shortcuts.ts';
import { TRACE_VIEWS, type TraceView } from './trace-views.ts';

interface TraceKeys {
  readonly stage: TraceStage | undefined;
  readonly rows: RowModel;
  readonly matches: Int32Array | undefined;
  readonly errorRows: Int32Array;
  readonly findField: RefObject<HTMLInputElement | null>;
  /** Shows this many levels. */
  readonly foldTo: (levels: number) => void;
  /** Closes the innermost thing that is open. */
  readonly close: () => void;
  readonly spanId: string | undefined;
  readonly onView: (view: TraceView) => void;
  /** Told the row after a jump to a match or an error. */
  readonly onJump: (row: number) => void;
}

/** The keys of the trace page; those of the tree itself are the waterfall's. */
export function useTraceKeys(keys: TraceKeys): void {
  const { stage, rows } = keys;
  const jump = (to: Int32Array | undefined, direction: 1 | -1): boolean => {
    if (to === undefined || stage?.jump(to, direction) !== true) return false;
    keys.onJump(stage.waterfall.activeRow);
    return true;
  };
  const step = (direction: 1 | -1): void => {
    if (stage === undefined || rows.visibleCount === 0) return;
    const active = stage.waterfall.activeRow;
    const position = active === -1 ? -1 : rows.positionOf(active);
    const next = Math.min(rows.visibleCount - 1, Math.max(0, position + direction));
    stage.waterfall.moveTo(rows.visible[next], 'move');
    stage.waterfall.element.focus();
  };
  useShortcuts({
    ...Object.fromEntries(TRACE_VIEWS.map((view, index) => [String(index + 1), () => keys.onView(view)])),
    '/': () => {
      keys.findField.current?.focus();
      keys.findField.current?.select();
    },
    j: () => step(1),
    k: () => step(-1),
    n: () => jump(keys.matches, 1),
    N: () => jump(keys.matches, -1),
    e: () => jump(keys.errorRows, 1),
    E: () => jump(keys.errorRows, -1),
    c: () => stage?.jumpOnCriticalPath(),
    '[': () => keys.foldTo(rows.visibleLevels() - 1),
    ']': () => keys.foldTo(rows.visibleLevels() + 1),
    '{': () => keys.foldTo(1),
    '}': () => keys.foldTo(Number.MAX_SAFE_INTEGER),
    w: () => stage?.zoom('in'),
    s: () => stage?.zoom('out'),
    a: () => stage?.pan(-1),
    d: () => stage?.pan(1),
    '+': () => stage?.zoom('in'),
    '=': () => stage?.zoom('in'),
    '-': () => stage?.zoom('out'),
    '0': () => stage?.resetZoom(),
    f: () => stage?.fitActive(),
    y: () => void copyText(location.href),
    Y: () => (keys.spanId === undefined ? false : void copyText(keys.spanId)),
    Escape: keys.close,
  });
}
