import { Link } from '@tanstack/react-router';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useCommands } from '../../widgets/use-commands.ts';
import { compareRest } from './compare-rest.ts';
import { describeSelection } from './describe-cells.ts';
import type { Selection } from './overview-search.ts';

const words = text.overview.selection;

/** What is selected in the heatmap, and what can be done with it. The list below shows its traces. */
export function SelectionBar(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly selection: Selection;
  readonly onZoom: () => void;
  readonly onClear: () => void;
}) {
  const { query, range, selection } = props;
  const { commands } = text.overview;
  useCommands([
    { id: 'explore.selection-zoom', group: 'explore', label: commands.zoom, run: props.onZoom },
    { id: 'explore.selection-clear', group: 'explore', label: commands.clear, run: props.onClear },
  ]);
  return (
    <section className="selection-bar" aria-label={words.label}>
      <span className="selection-what">
        <b>{words.label}</b> {describeSelection(selection)}
      </span>
      <button type="button" className="button is-small" title={words.zoomHint} onClick={props.onZoom}>
        {words.zoom}
      </button>
      <Link
        className="button is-small"
        to="/compare"
        search={compareRest(query, range, selection)}
        title={words.compareHint}
      >
        {words.compare}
      </Link>
      <button
        type="button"
        className="button is-small is-icon"
        aria-label={words.clear}
        title={words.clear}
        onClick={props.onClear}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}
