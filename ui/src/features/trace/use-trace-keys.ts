import type { RefObject } from 'react';
import { text } from '../../text/catalogue.ts';
import type { RowModel } from '../../timeline/row-model.ts';
import type { TraceStage } from '../../timeline/trace-stage.ts';
import type { Command } from '../../widgets/command.ts';
import { copyText } from '../../widgets/copy-text.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { TRACE_VIEWS, type TraceView } from './trace-views.ts';

interface TraceKeys {
  readonly stage: TraceStage | undefined;
  readonly rows: RowModel;
  readonly matches: Int32Array | undefined;
  readonly errorRows: Int32Array;
  readonly findField: RefObject<HTMLInputElement | null>;
  /** Shows this many levels. */
  readonly foldTo: (levels: number) => void;
  /** Folds what is neither above nor below the cursor. */
  readonly foldOutside: () => void;
  readonly onGroup: () => void;
  /** Shows only matches, or all again; false when nothing is searched. */
  readonly onOnly: () => boolean;
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
  useCommands([
    ...TRACE_VIEWS.map((view, index) => ({
      id: `trace.view.${view}`,
      group: 'trace' as const,
      label: text.commands.trace.showView(text.trace.views.names[view]),
      keys: [String(index + 1)],
      run: () => keys.onView(view),
    })),
    command('find', ['/'], () => {
      keys.findField.current?.focus();
      keys.findField.current?.select();
    }),
    key('next', ['j'], () => stage?.step(1)),
    key('previous', ['k'], () => stage?.step(-1)),
    key('fold', ['ArrowLeft']),
    key('unfold', ['ArrowRight']),
    key('open', ['Enter']),
    command('nextMatch', ['n'], () => jump(keys.matches, 1)),
    command('previousMatch', ['N'], () => jump(keys.matches, -1)),
    command('nextError', ['e'], () => jump(keys.errorRows, 1)),
    command('previousError', ['E'], () => jump(keys.errorRows, -1)),
    command('critical', ['c'], () => stage?.jumpOnCriticalPath()),
    command('oneLevelLess', ['['], () => keys.foldTo(rows.visibleLevels() - 1)),
    command('oneLevelMore', [']'], () => keys.foldTo(rows.visibleLevels() + 1)),
    command('foldAll', ['{'], () => keys.foldTo(1)),
    command('unfoldAll', ['}'], () => keys.foldTo(Number.MAX_SAFE_INTEGER)),
    command('foldOutside', ['o'], keys.foldOutside),
    command('toggleGroups', ['r'], keys.onGroup),
    command('onlyMatches', ['m'], keys.onOnly),
    key('nextSibling', ['.'], () => stage?.goToSibling(1)),
    key('previousSibling', [','], () => stage?.goToSibling(-1)),
    key('zoomIn', ['w', '+', '='], () => stage?.zoom('in')),
    key('zoomOut', ['s', '-'], () => stage?.zoom('out')),
    key('panLeft', ['a'], () => stage?.pan(-1)),
    key('panRight', ['d'], () => stage?.pan(1)),
    command('zoomReset', ['0'], () => stage?.resetZoom()),
    command('zoomToSpan', ['f'], () => stage?.fitActive()),
    command('copyLink', ['y'], () => void copyText(location.href)),
    command('copySpanId', ['Y'], () => (keys.spanId === undefined ? false : void copyText(keys.spanId))),
    {
      id: 'trace.close',
      group: 'trace',
      label: text.commands.close,
      keys: ['Escape'],
      run: keys.close,
      palette: false,
    },
  ]);
}

type Name = Exclude<keyof typeof text.commands.trace, 'showView'>;

/** Of the trace page, by key and from the palette. */
function command(name: Name, keys: readonly string[], run?: () => unknown): Command {
  return { id: `trace.${name}`, group: 'trace', label: text.commands.trace[name], keys, run };
}

/** By key only; without `run` the focused row handles it. */
function key(name: Name, keys: readonly string[], run?: () => unknown): Command {
  return { ...command(name, keys, run), palette: false };
}
