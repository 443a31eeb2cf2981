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
  /** Text to find in names and services, or TraceQL. */
  readonly find?: string;
  /** `1`: only rows that match, with what they lie under. */
  readonly only?: '1';
  /** `0`: repeated siblings are not grouped. */
  readonly group?: '0';
  /** What bars are coloured by: `kind`, `status` or an attribute as TraceQL writes it; absent: the service. */
  readonly color?: string;
  /** Attributes shown as columns, as TraceQL writes them, parted by commas: see `columnsOfSearch`. */
  readonly cols?: string;
  /** `1`: bars show the time in which no child ran. */
  readonly self?: '1';
  /** `1`: clock skew is put right. */
  readonly adjust?: '1';
  /** Text that events must contain in the view of events. */
  readonly ev?: string;
  /** Where the details stand; absent: right where there is room, else at the bottom. */
  readonly dock?: DockPlace;
  /** Id of the span in the first row in sight. */
  readonly at?: string;
}

export const DOCK_PLACES = ['right', 'bottom', 'off'] as const;
export type DockPlace = (typeof DOCK_PLACES)[number];

/** Most attributes shown as columns. */
export const COLUMNS_MAX = 4;
const FIELD_LENGTH_MAX = 200;

/** Keeps what is well formed and leaves the rest out: a broken link still opens the trace. */
export function parseTraceSearch(values: Readonly<Record<string, unknown>>): TraceSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name] : '');
  // The router reads parameters as JSON: a digit comes as a number.
  const isDigit = (name: string, digit: 0 | 1): boolean => values[name] === digit || values[name] === String(digit);
  const view = parseTraceView(textOf('view'));
  const span = parseSpanId(textOf('span'));
  const z = textOf('z');
  const fold = textOf('fold');
  const find = textOf('find');
  const color = textOf('color').trim();
  const columns = columnsOfSearch(textOf('cols'));
  const ev = textOf('ev');
  const dock = DOCK_PLACES.find((place) => place === textOf('dock'));
  const at = parseSpanId(textOf('at'));
  return {
    ...(view === 'waterfall' ? {} : { view }),
    ...(span === undefined ? {} : { span }),
    ...(/^\d+(\.\d+)?,\d+(\.\d+)?$/.test(z) ? { z } : {}),
    ...(/^[LG0-9a-f+.~-]{1,600}$/.test(fold) ? { fold } : {}),
    ...(find === '' ? {} : { find }),
    ...(isDigit('only', 1) ? { only: '1' } : {}),
    ...(isDigit('group', 0) ? { group: '0' } : {}),
    ...(color === '' || color === 'service' || color.length > FIELD_LENGTH_MAX ? {} : { color }),
    ...(columns.length === 0 ? {} : { cols: textOfColumns(columns) }),
    ...(isDigit('self', 1) ? { self: '1' } : {}),
    ...(isDigit('adjust', 1) ? { adjust: '1' } : {}),
    ...(ev === '' ? {} : { ev }),
    ...(dock === undefined ? {} : { dock }),
    ...(at === undefined ? {} : { at }),
  };
}

/** The attributes that `cols` names: each once, few enough. Commas inside of quotes part nothing. */
export function columnsOfSearch(cols: string | undefined): readonly string[] {
  const parts = (cols ?? '').match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? [];
  const names = parts.map((part) => part.trim()).filter((part) => part !== '' && part.length <= FIELD_LENGTH_MAX);
  return [...new Set(names)].slice(0, COLUMNS_MAX);
}

export function textOfColumns(columns: readonly string[]): string {
  return columns.join(',');
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
