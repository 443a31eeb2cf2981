import type { ReadStatistics } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { Icon } from '../../widgets/icon.tsx';

/** What an answer cost and whether it is whole. */
export function ScanLine({ statistics }: { readonly statistics: ReadStatistics }) {
  const { results } = text.explore;
  const { rowsRead, bytesRead, elapsedMs, unknownReads = 0 } = statistics;
  const scanned = results.scanned(rowsRead, formatBytes(bytesRead), elapsedMs, unknownReads > 0);
  return (
    <p className="scan" role="status">
      {`${scanned} · `}
      {statistics.complete ? (
        results.complete
      ) : (
        <strong className="scan-incomplete">
          <Icon name="warning" />
          {results.incomplete(statistics.incompleteReason ?? results.reasonUnknown)}
        </strong>
      )}
    </p>
  );
}
