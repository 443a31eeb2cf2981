import { parseSpanId } from '@clew/model';
import { clampWindow, isWhole, type TimeWindow } from '../../timeline/time-scale.ts';
import { parseTraceView, type TraceView } from './trace-views.ts';

/** What the trace page keeps in its URL, all optional. */
export interface TraceSearch {
  /** How the trace is drawn; absent: the waterfall. */
  readonly view?: Exclude<TraceView, 'waterfall'>;
  /** Id of the selected span. */
  readonly span?: string;
  /** Zoom, `from,to` in nanoseconds from the trace's start. */
  readonly z?: string;
  /** Folded rows: see timeline/fold-text.ts. */
  readonly fold?: string;
  /** Text to find in names and services. */
  readonly find?: string;
}

/** Keeps what is well formed and leaves the rest out: a broken link still opens the trace. */
export function parseTraceSearch(values: Readonly<Record<string, unknown>>): TraceSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name] : '');
  const view = parseTraceView(textOf('view'));
  const span = parseSpanId(textOf('span'));
  const z = textOf('z');
  const fold = textOf('fold');
  const find = textOf('find');
  return {
    ...(view === 'waterfall' ? {} : { view }),
    ...(span === undefined ? {} : { span }),
    ...(/^\d+(\.\d+)?,\d+(\.\d+)?$/.test(z) ? { z } : {}),
    ...(/^[L0-9a-f+.-]{1,600}$/.test(fold) ? { fold } : {}),
    ...(find === '' ? {} : { find }),
  };
}

/** The window `z` says, cut to the trace; the whole trace without it. */
export function windowOfSearch(z: string | undefined, totalNano: number): TimeWindow {
  if (z === undefined) return clampWindow({ from: 0, to: totalNano }, totalNano);
  const [from, to] = z.split(',').map(Number);
  return to > from ? clampWindow({ from, to }, totalNano) : clampWindow({ from: 0, to: totalNano }, totalNano);
}

/** The window as `z`; undefined for the whole trace. */
export function searchOfWindow(window: TimeWindow, totalNano: number): string | undefined {
  if (isWhole(window, totalNano)) return undefined;
  return `${Math.round(window.from)},${Math.round(window.to)}`;
}
