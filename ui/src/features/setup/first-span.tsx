import type { StatusAnswer } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Waits for the first span; becomes a link to its trace. */
export function FirstSpan({ status }: { readonly status: StatusAnswer }) {
  const arrived = status.hasSpans || status.lastTraceId !== undefined;
  return (
    <div className={`first-span${arrived ? ' is-here' : ''}`} role="status">
      {arrived ? <Icon name="check" /> : <span className="first-span-dot" aria-hidden="true" />}
      <div>
        <strong>{arrived ? text.setup.arrived : text.setup.waiting}</strong>
        {!arrived && <p>{text.setup.waitingWhy}</p>}
      </div>
      {status.lastTraceId !== undefined ? (
        <Link to="/trace/$traceId" params={{ traceId: status.lastTraceId }} className="button is-primary">
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
