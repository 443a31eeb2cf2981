import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';

/** From a trace to the choice of what to compare it with. */
export function CompareLink({ traceId }: { readonly traceId: string }) {
  return (
    <Link
      to="/compare"
      search={{ a: traceId }}
      className="button is-quiet is-small"
      title={text.compare.linkHint}
      preload={false}
    >
      <Icon name="compare" />
      <span className="trace-action-text">{text.compare.page}</span>
    </Link>
  );
}
