import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../client/status-query.ts';
import { text } from '../text/catalogue.ts';

/** How many spans have arrived and how fast they come, live. */
export function LiveCount() {
  const status = useQuery(statusQuery);
  if (status.error !== null) {
    return (
      <span className="live is-offline" title={text.shell.offlineWhy}>
        {text.shell.offline}
      </span>
    );
  }
  if (status.data === undefined) return null;
  const { spans, acceptedPerSecond } = status.data;
  return (
    <span className={`live${acceptedPerSecond > 0 ? ' is-flowing' : ''}`} title={text.shell.spansSince(spans.accepted)}>
      <span className="live-dot" aria-hidden="true" />
      <span>{text.shell.spansReceived(spans.accepted)}</span>
      <span className="live-rate">{text.shell.perSecond(acceptedPerSecond)}</span>
    </span>
  );
}
