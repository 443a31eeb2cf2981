import type { DependenciesAnswer } from '@clew/contract';
import { text } from '../../../text/catalogue.ts';
import { formatInstant, millisOfNanos } from '../../../text/format-time.ts';

const words = text.services.dependencies;

/** On what the calls rest. */
export function DependencyNote({ answer }: { readonly answer: DependenciesAnswer }) {
  const { traceShare, isShortened, hasMore, edges, startUnixNano } = answer;
  return (
    <p className="services-note">
      {traceShare < 1 ? words.sampled(traceShare) : words.whole}
      {isShortened && ` ${words.shortenedTo(formatInstant(millisOfNanos(startUnixNano)))}`}
      {hasMore && ` ${words.more(edges.length)}`} {words.measured}
    </p>
  );
}
