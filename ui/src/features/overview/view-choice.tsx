import { text } from '../../text/catalogue.ts';
import { OVERVIEW_VIEWS, type OverviewView } from './overview-search.ts';

/** Which chart is shown. */
export function ViewChoice(props: {
  readonly chosen: OverviewView | undefined;
  readonly onChoose: (view: OverviewView) => void;
}) {
  const words = text.overview;
  return (
    <fieldset className="view-choice">
      <legend className="visually-hidden">{words.views}</legend>
      {OVERVIEW_VIEWS.map((view) => (
        <button
          key={view}
          type="button"
          className="button is-small"
          aria-pressed={view === props.chosen}
          title={words.viewHint[view]}
          onClick={() => props.onChoose(view)}
        >
          {words.view[view]}
        </button>
      ))}
    </fieldset>
  );
}
