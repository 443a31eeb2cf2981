import { Link } from '@tanstack/react-router';
import { text } from '../../../text/catalogue.ts';

/** What can be done with the ticked traces. */
export function CompareBar(props: { readonly picked: readonly string[]; readonly onClear: () => void }) {
  const [a, b] = props.picked;
  return (
    <div className="compare-bar" role="status">
      {b === undefined ? (
        text.found.compare.oneMore
      ) : (
        <Link to="/compare" search={{ a, b }} className="button is-small is-primary">
          {text.found.compare.go}
        </Link>
      )}
      <button type="button" className="button is-small" onClick={props.onClear}>
        {text.found.compare.none}
      </button>
    </div>
  );
}
