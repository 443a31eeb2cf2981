import { FLAG_CLOCK_SKEW, FLAG_ERROR, FLAG_MISSING_PARENT, NO_PARENT, type TraceColumns } from '@clew/model';
import type { Terminal } from '../terminal.ts';
import { displayWidth, padded, printable, truncated } from '../text/display-width.ts';
import { counted, formatDurationNano, formatTimeNano } from '../text/format-values.ts';
import { type RowLimits, selectRows, type VisibleRows } from './visible-rows.ts';

/** Width when the output is not a terminal. */
const PLAIN_COLUMNS = 140;
const MIN_COLUMNS = 40;
const DURATION_CELLS = 8;
/** Deeper levels are numbered, not indented; in a narrow terminal earlier. */
const MAX_INDENTED_DEPTH = 20;
/** What a label needs besides the tree, and what a name needs before notes are shown. */
const MIN_LABEL_CELLS = 16;
const MIN_NAME_CELLS = 12;

/** A trace as text: a headline, a line for every visible span, and what was left out. Ends with a line break. */
export function renderWaterfall(columns: TraceColumns, limits: RowLimits, terminal: Terminal): string {
  const { colors } = terminal;
  const visible = selectRows(columns, limits);
  const width = Math.max(MIN_COLUMNS, Number.isFinite(terminal.columns) ? terminal.columns : PLAIN_COLUMNS);
  const barCells = Math.min(60, Math.floor(width * 0.35));
  const labelCells = width - barCells - DURATION_CELLS - 2;
  const names = columns.names.map(printable);
  const services = columns.services.map(printable);
  const paint = [colors.cyan, colors.magenta, colors.green, colors.blue, colors.yellow, colors.white];
  const maxIndented = Math.min(MAX_INDENTED_DEPTH, Math.max(1, Math.floor((labelCells - MIN_LABEL_CELLS) / 2)));
  const prefixes = treePrefixes(columns, visible, maxIndented);

  const lines = [...headline(columns, terminal), ''];
  for (const row of visible.rows) {
    const isError = (columns.flags[row] & FLAG_ERROR) !== 0;
    const serviceColor = paint[columns.service[row] % paint.length];
    const label = labelOf({
      prefix: prefixes.get(row) ?? '',
      service: services[columns.service[row]],
      name: names[columns.name[row]],
      notes: notesOf(columns, visible, row),
      cells: labelCells,
      colors,
      isError,
      serviceColor,
    });
    const duration = padded(formatDurationNano(columns.duration[row]), DURATION_CELLS, 'left');
    const bar = barOf(columns, row, barCells);
    lines.push(
      `${label} ${isError ? colors.red(duration) : duration} ${isError ? colors.red(bar) : serviceColor(bar)}`.trimEnd(),
    );
  }
  lines.push(...hiddenLines(columns, visible, terminal));
  return `${lines.join('\n')}\n`;
}

function headline(columns: TraceColumns, { colors }: Terminal): string[] {
  let errors = 0;
  for (let row = 0; row < columns.spanCount; row++) if ((columns.flags[row] & FLAG_ERROR) !== 0) errors++;
  const title =
    columns.spanCount === 0
      ? '(no spans)'
      : printable(`${columns.services[columns.service[0]]} ${columns.names[columns.name[0]]}`);
  const facts = [
    formatDurationNano(columns.durationNano),
    counted(columns.spanCount + columns.omittedSpanCount, 'span'),
    counted(columns.services.length, 'service'),
    ...(errors === 0 ? [] : [colors.red(counted(errors, 'error'))]),
  ];
  return [
    `${colors.bold(title)}  ${facts.join(' · ')}`,
    colors.dim(`${columns.traceId}  ${formatTimeNano(columns.startTimeUnixNano)}`),
  ];
}

interface Label {
  readonly prefix: string;
  readonly service: string;
  readonly name: string;
  readonly notes: string;
  readonly cells: number;
  readonly colors: Terminal['colors'];
  readonly isError: boolean;
  readonly serviceColor: (text: string) => string;
}

/** Tree, mark, service, name and notes in exactly `cells` cells; the name gives way first, then the service. */
function labelOf({ prefix, service, name, notes, cells, colors, isError, serviceColor }: Label): string {
  const mark = isError ? '✖ ' : '';
  const taken = displayWidth(prefix) + displayWidth(mark) + 1;
  const isRoomForNotes = notes !== '' && cells - taken - displayWidth(notes) - 1 >= MIN_NAME_CELLS;
  const tail = isRoomForNotes ? ` ${notes}` : '';
  const room = Math.max(4, cells - taken - displayWidth(tail));
  const shownService = truncated(service, Math.max(3, Math.min(displayWidth(service), Math.floor(room / 2))));
  const shownName = truncated(name, Math.max(1, room - displayWidth(shownService)));
  const plainWidth =
    displayWidth(prefix) +
    displayWidth(mark) +
    displayWidth(shownService) +
    1 +
    displayWidth(shownName) +
    displayWidth(tail);
  const painted = `${colors.dim(prefix)}${colors.red(mark)}${serviceColor(shownService)} ${isError ? colors.red(shownName) : shownName}${colors.dim(tail)}`;
  return painted + ' '.repeat(Math.max(0, cells - plainWidth));
}

function notesOf(columns: TraceColumns, visible: VisibleRows, row: number): string {
  const notes: string[] = [];
  if (visible.folded[row] > 0) notes.push(`+${visible.folded[row]}`);
  if ((columns.flags[row] & FLAG_MISSING_PARENT) !== 0) notes.push('(parent missing)');
  if ((columns.flags[row] & FLAG_CLOCK_SKEW) !== 0) notes.push('(clock skew)');
  return notes.join(' ');
}

function treePrefixes(
  columns: TraceColumns,
  { rows, depth, isLast }: VisibleRows,
  maxIndented: number,
): ReadonlyMap<number, string> {
  const prefixes = new Map<number, string>();
  /** What stands before the children of a row. */
  const continued = new Map<number, string>();
  for (const row of rows) {
    const above = columns.parent[row];
    if (above === NO_PARENT) {
      prefixes.set(row, '');
      continued.set(row, '');
    } else if (depth[row] > maxIndented) prefixes.set(row, `${' '.repeat(maxIndented * 2)}${depth[row] + 1}▸ `);
    else {
      const before = continued.get(above) ?? '';
      prefixes.set(row, before + (isLast[row] === 1 ? '└ ' : '├ '));
      continued.set(row, before + (isLast[row] === 1 ? '  ' : '│ '));
    }
  }
  return prefixes;
}

/** Where the span lies in the trace: a block for every cell it touches, a thin one when it is shorter than a cell. */
function barOf(columns: TraceColumns, row: number, cells: number): string {
  const total = columns.durationNano;
  if (total <= 0) return '▏';
  const startCell = (columns.start[row] / total) * cells;
  const endCell = ((columns.start[row] + columns.duration[row]) / total) * cells;
  const from = Math.max(0, Math.min(cells - 1, Math.floor(startCell)));
  if (endCell - startCell < 0.5) return `${' '.repeat(from)}${startCell - from < 0.5 ? '▏' : '▕'}`;
  const to = Math.max(from + 1, Math.min(cells, Math.round(endCell)));
  return ' '.repeat(from) + '█'.repeat(to - from);
}

function hiddenLines(columns: TraceColumns, visible: VisibleRows, { colors }: Terminal): string[] {
  const { withoutError, tooDeep, beyondMaxRows } = visible.hidden;
  const lines: string[] = [];
  if (beyondMaxRows > 0)
    lines.push(`… ${counted(beyondMaxRows, 'span')} hidden: raise --max-rows, or narrow with --depth or --errors`);
  if (tooDeep > 0) lines.push(`… ${counted(tooDeep, 'span')} hidden below the level of --depth`);
  if (withoutError > 0) lines.push(`… ${counted(withoutError, 'span')} not on the way to an error hidden by --errors`);
  if (columns.omittedSpanCount > 0) {
    lines.push(`… ${counted(columns.omittedSpanCount, 'span')} beyond the server's limit; --json has them all`);
  }
  return lines.map((line) => colors.dim(line));
}
