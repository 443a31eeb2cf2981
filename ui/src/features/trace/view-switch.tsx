import { text } from '../../text/catalogue.ts';
import { TRACE_VIEWS, type TraceView } from './trace-views.ts';

/** Chooses how the trace is drawn: buttons of which one is pressed, with their keys 1 to 4. */
export function ViewSwitch(props: { readonly view: TraceView; readonly onView: (view: TraceView) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one line of joined buttons everywhere.
    <div className="view-switch" role="group" aria-label={text.trace.views.label}>
      {TRACE_VIEWS.map((view, index) => (
        <button
          key={view}
          type="button"
          className="button is-quiet is-small"
          aria-pressed={view === props.view}
          title={text.commands.withKey(text.trace.views.hints[view], String(index + 1))}
          onClick={() => props.onView(view)}
        >
          {text.trace.views.names[view]}
        </button>
      ))}
    </div>
  );
}
