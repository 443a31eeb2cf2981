import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import type { TraceSummary } from './trace-summary.ts';

/** What is odd about the trace, explained: missing parents, clocks that disagree. */
export function TraceWarnings({ summary }: { readonly summary: TraceSummary }) {
  const notes: string[] = [];
  if (summary.missingParents > 0) notes.push(text.trace.warnings.missingParent(summary.missingParents));
  if (summary.clockSkews > 0) notes.push(text.trace.warnings.clockSkew(summary.clockSkews));
  if (notes.length === 0) return null;
  return (
    <li>
      <PopoverButton
        className="chip is-warning"
        panelClass="trace-notes"
        label={text.trace.warnings.short(notes.length)}
        caption={
          <>
            <Icon name="warning" />
            {text.trace.warnings.short(notes.length)}
          </>
        }
      >
        {() => (
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </PopoverButton>
    </li>
  );
}
