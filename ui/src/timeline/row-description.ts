import { FLAG_ERROR, FLAG_MISSING_PARENT } from '@clew/model';
import { text } from '../text/catalogue.ts';
import { formatDuration } from '../text/format-duration.ts';
import { kindOfEntry, MISSING_ENTRY, RUN_ENTRY, rowOfEntry } from './entry.ts';
import { missingFigures } from './missing-figures.ts';
import type { RowContext } from './row-context.ts';

/** Tells assistive technology what a line is: the treegrid's attributes and a sentence. */
export function describeRow(element: HTMLElement, position: number, context: RowContext): void {
  const { rows } = context;
  const entry = rows.visible[position];
  element.setAttribute('aria-rowindex', String(position + 1));
  element.setAttribute('aria-level', String(rows.level[position] + 1));
  if (rows.canFold(entry)) element.setAttribute('aria-expanded', String(!rows.isFolded(entry)));
  else element.removeAttribute('aria-expanded');
  element.setAttribute('aria-label', labelOf(entry, context));
}

function labelOf(entry: number, context: RowContext): string {
  const { trace } = context.rows;
  const { columns } = trace;
  const row = rowOfEntry(entry);
  if (kindOfEntry(entry) === MISSING_ENTRY) return text.waterfall.missing.rowLabel(missingFigures(trace, row).spans);
  const service = columns.services[columns.service[row]];
  const name = columns.names[columns.name[row]];
  if (kindOfEntry(entry) === RUN_ENTRY) {
    const { count, total, p50, max, errors } = context.figuresOf(context.rows.runOfEntry(entry));
    const figures = text.waterfall.run.figures(formatDuration(total), formatDuration(p50), formatDuration(max), errors);
    return text.waterfall.run.rowLabel(count, service, name, figures);
  }
  const flags = columns.flags[row];
  return text.trace.rowLabel({
    service,
    name,
    duration: formatDuration(columns.duration[row]),
    start: formatDuration(columns.start[row]),
    error: (flags & FLAG_ERROR) !== 0,
    missingParent: (flags & FLAG_MISSING_PARENT) !== 0,
    clockSkew: trace.skew.reason[row] !== 0,
    children: trace.childCount[row],
  });
}
