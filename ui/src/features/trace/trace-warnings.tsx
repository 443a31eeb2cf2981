import type { TraceColumns } from '@clew/model';
import { useId } from 'react';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import type { TraceSummary } from './trace-summary.ts';

/** What is odd about the trace, explained: left-out spans, missing parents, clocks that disagree. */
export function TraceWarnings({
  columns,
  summary,
}: {
  readonly columns: TraceColumns;
  readonly summary: TraceSummary;
}) {
  const id = useId();
  const notes: string[] = [];
  if (columns.omittedSpanCount > 0) {
    notes.push(text.trace.warnings.omitted(columns.omittedSpanCount, columns.spanCount));
  }
  if (summary.missingParents > 0) notes.push(text.trace.warnings.missingParent(summary.missingParents));
  if (summary.clockSkews > 0) notes.push(text.trace.warnings.clockSkew(summary.clockSkews));
  if (notes.length === 0) return null;
  return (
    <li>
      <button type="button" className="chip is-warning" popoverTarget={id}>
        <Icon name="warning" />
        {text.trace.warnings.short(notes.length)}
      </button>
      <div id={id} popover="auto" className="popover trace-notes">
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </div>
    </li>
  );
}
