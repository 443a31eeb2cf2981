import { spanIdAt } from '@clew/model';
import type { RowModel } from './row-model.ts';

/** Beyond this the URL would grow without bound: later exceptions are not kept. */
const EXCEPTIONS_MAX = 40;
const PREFIX_DIGITS = 8;

/**
 * The folded rows as URL text: an optional level (`L3` shows three levels), then the exceptions as the first eight
 * digits of span ids, `-` folded and `+` unfolded. Empty when nothing is folded.
 */
export function formatFold(rows: RowModel, level: number | undefined): string {
  const parts: string[] = level === undefined ? [] : [`L${level}`];
  const { depth, columns } = rows.trace;
  let exceptions = 0;
  for (let row = 0; row < columns.spanCount && exceptions < EXCEPTIONS_MAX; row++) {
    if (!rows.hasChildren(row)) continue;
    const byLevel = level !== undefined && depth[row] >= level - 1;
    if ((rows.folded[row] === 1) === byLevel) continue;
    parts.push(`${byLevel ? '+' : '-'}${spanIdAt(columns, row).slice(0, PREFIX_DIGITS)}`);
    exceptions++;
  }
  return parts.join('.');
}

/** Folds as the text says; parts it does not understand or find are left out. Returns the level, if one was given. */
export function applyFold(rows: RowModel, text: string): number | undefined {
  let level: number | undefined;
  const exceptions = new Map<string, boolean>();
  for (const part of text.split('.')) {
    const byLevel = /^L(\d{1,5})$/.exec(part);
    if (byLevel !== null) level = Math.max(1, Number(byLevel[1]));
    const byId = /^([+-])([0-9a-f]{8})$/.exec(part);
    if (byId !== null) exceptions.set(byId[2], byId[1] === '-');
  }
  rows.folded.fill(0);
  if (level !== undefined) rows.foldToLevel(level);
  if (exceptions.size > 0) {
    for (let row = 0; row < rows.folded.length; row++) {
      if (!rows.hasChildren(row)) continue;
      const folded = exceptions.get(spanIdAt(rows.trace.columns, row).slice(0, PREFIX_DIGITS));
      if (folded !== undefined) rows.folded[row] = folded ? 1 : 0;
    }
  }
  rows.rebuild();
  return level;
}
