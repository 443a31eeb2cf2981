import type { StatusAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { loadSearch } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Waits for the first span; becomes a link to its trace. */
export function FirstSpan({ status }: { readonly status: StatusAnswer }) {
  const arrived = status.hasSpans;
  const newest = useQuery({
    queryKey: ['newest-trace'],
    queryFn: ({ signal }) => loadSearch({ query: '{ }', from: 'now-1h', to: 'now+1h', limit: 1 }, signal),
    enabled: arrived,
    select: (answer) => answer.traces[0]?.traceId,
  });
  return (
    <div className={`first-span${arrived ? ' is-here' : ''}`} role="status">
      {arrived ? <Icon name="check" /> : <span className="first-span-dot" aria-hidden="true" />}
      <div>
        <strong>{arrived ? text.setup.arrived : text.setup.waiting}</strong>
        {!arrived && <p>{text.setup.waitingWhy}</p>}
      </div>
      {newest.data !== undefined ? (
        <Link to="/trace/$traceId" params={{ traceId: newest.data }} className="button is-primary">
          {text.setup.openLast}
        </Link>
      ) : (
        arrived && (
          <Link to="/explore" className="button is-primary">
            {text.setup.explore}
          </Link>
        )
      )}
    </div>
  );
}
