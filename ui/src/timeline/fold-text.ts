import { bytesFromHex, spanIdAt } from '@clew/model';
import type { RowModel } from './row-model.ts';

/** Beyond this the URL would grow without bound: later exceptions are not kept. */
const EXCEPTIONS_MAX = 40;
const PREFIX_DIGITS = 8;

/**
 * The folded rows as URL text: an optional level (`L3` shows three levels), `G` where every run is open, then the
 * exceptions as the first eight digits of span ids: `-` folded, `+` unfolded, `~` an open run by its first sibling.
 * Empty when nothing is folded and no run open.
 */
export function formatFold(rows: RowModel, level: number | undefined): string {
  const parts: string[] = level === undefined ? [] : [`L${level}`];
  const { depth, columns, runs } = rows.trace;
  const isAllOpen = runs.count > 0 && !rows.runOpen.includes(0);
  if (isAllOpen) parts.push('G');
  let exceptions = 0;
  const except = (sign: string, row: number): void => {
    parts.push(`${sign}${spanIdAt(columns, row).slice(0, PREFIX_DIGITS)}`);
    exceptions++;
  };
  for (let row = 0; row < columns.spanCount && exceptions < EXCEPTIONS_MAX; row++) {
    if (!rows.hasChildren(row)) continue;
    const byLevel = level !== undefined && depth[row] >= level - 1;
    if ((rows.folded[row] === 1) !== byLevel) except(byLevel ? '+' : '-', row);
  }
  for (let run = 0; run < runs.count && !isAllOpen && exceptions < EXCEPTIONS_MAX; run++) {
    if (rows.runOpen[run] === 1) except('~', runs.first[run]);
  }
  return parts.join('.');
}

/** Folds as the text says; parts it does not understand or find are left out. Returns the level, if one was given. */
export function applyFold(rows: RowModel, text: string): number | undefined {
  let level: number | undefined;
  const exceptions = new Map<number, boolean>();
  const open = new Set<number>();
  let isAllOpen = false;
  for (const part of text.split('.')) {
    const byLevel = /^L(\d{1,5})$/.exec(part);
    if (byLevel !== null) level = Math.max(1, Number(byLevel[1]));
    if (part === 'G') isAllOpen = true;
    const byId = /^([+~-])([0-9a-f]{8})$/.exec(part);
    if (byId === null) continue;
    if (byId[1] === '~') open.add(wordOf(byId[2]));
    else exceptions.set(wordOf(byId[2]), byId[1] === '-');
  }
  rows.folded.fill(0);
  if (level !== undefined) rows.foldToLevel(level);
  const { columns, runs } = rows.trace;
  if (exceptions.size > 0) {
    for (let row = 0; row < rows.folded.length; row++) {
      if (!rows.hasChildren(row)) continue;
      const folded = exceptions.get(columns.spanId[row * 2]);
      if (folded !== undefined) rows.folded[row] = folded ? 1 : 0;
    }
  }
  rows.runOpen.fill(isAllOpen ? 1 : 0);
  for (let run = 0; run < runs.count && open.size > 0; run++) {
    if (open.has(columns.spanId[runs.first[run] * 2])) rows.runOpen[run] = 1;
  }
  rows.rebuild();
  return level;
}

/** The first four bytes of an id as the columns carry them: a million rows are compared without making their texts. */
function wordOf(prefix: string): number {
  const bytes = bytesFromHex(prefix);
  return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
}
