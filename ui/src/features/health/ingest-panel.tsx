import type { StatusAnswer } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { Fact, FactList } from './fact-list.tsx';
import { FigureTable } from './figure-table.tsx';
import type { MetricSet } from './metric-set.ts';

const words = text.health.ingest;
const NANOS_PER_MS = 1e6;
const NANOS_PER_SECOND = 1e9;
const SLOW_JOURNAL_MS = 10_000;

/** What came in, what did not, and how long it waits on its way to the store. */
export function IngestPanel({ status, metrics }: { readonly status: StatusAnswer; readonly metrics: MetricSet }) {
  const { spans, journal } = status;
  const refused = metrics.sum('clew_refused_requests_total') ?? 0;
  const rejected = metrics.sum('clew_rejected_spans_total') ?? 0;
  return (
    <>
      <FactList>
        <Fact label={words.accepted} value={formatCount(spans.accepted)} />
        <Fact label={words.perSecond} value={text.shell.perSecond(status.acceptedPerSecond)} />
        <Fact label={words.refused} value={formatCount(refused)} wrong={refused > 0} />
        <Fact label={words.rejected} value={formatCount(rejected)} wrong={rejected > 0} />
        <Fact
          label={words.backlog}
          value={words.backlogValue(formatCount(journal.entries), formatBytes(journal.bytes))}
        />
        <Fact
          label={words.oldest}
          value={formatDuration(journal.oldestAgeMs * NANOS_PER_MS)}
          wrong={journal.oldestAgeMs > SLOW_JOURNAL_MS}
        />
      </FactList>
      <TransportTable metrics={metrics} />
      <RefusalTables metrics={metrics} />
    </>
  );
}

function TransportTable({ metrics }: { readonly metrics: MetricSet }) {
  const transports = Object.keys(text.health.transports);
  const sum = (name: string, transport: string): number => metrics.sum(name, { transport }) ?? 0;
  return (
    <FigureTable
      caption={words.byTransport}
      rows={transports}
      keyOf={(transport) => transport}
      empty=""
      columns={[
        { name: words.transport, cell: (transport) => text.health.transports[transport] },
        {
          name: words.accepted,
          isFigure: true,
          cell: (transport) => formatCount(sum('clew_accepted_spans_total', transport)),
        },
        {
          name: words.requests,
          isFigure: true,
          cell: (transport) => formatCount(sum('clew_received_requests_total', transport)),
        },
        {
          name: words.bytes,
          isFigure: true,
          cell: (transport) => formatBytes(sum('clew_received_bytes_total', transport)),
        },
        { name: words.acknowledged, isFigure: true, cell: (transport) => acknowledged(metrics, transport) },
      ]}
    />
  );
}

/** Upper bounds of the histogram's buckets: "≤ 5 ms (half), ≤ 25 ms (99 %)". */
function acknowledged(metrics: MetricSet, transport: string): string {
  const bounds = [0.5, 0.99].map((quantile) => metrics.quantile('clew_acknowledge_seconds', quantile, { transport }));
  const [half, most] = bounds.map((seconds) => {
    if (seconds === undefined) return undefined;
    return Number.isFinite(seconds)
      ? words.within(formatDuration(seconds * NANOS_PER_SECOND))
      : words.over(longest(metrics));
  });
  return half === undefined || most === undefined ? text.health.none : words.quantile(half, most);
}

/** The last bound below infinity. */
function longest(metrics: MetricSet): string {
  const bounds = metrics.samples('clew_acknowledge_seconds_bucket').map(({ labels }) => Number(labels.le));
  return formatDuration(Math.max(0, ...bounds.filter(Number.isFinite)) * NANOS_PER_SECOND);
}

function RefusalTables({ metrics }: { readonly metrics: MetricSet }) {
  const limits = metrics.samples('clew_limit_hits_total').filter(({ value }) => value > 0);
  return (
    <>
      <FigureTable
        caption={words.byReason}
        rows={metrics.samples('clew_refused_requests_total').filter(({ value }) => value > 0)}
        keyOf={({ labels }) => `${labels.transport} ${labels.reason}`}
        empty={words.noneRefused}
        columns={[
          { name: words.reason, cell: ({ labels }) => text.health.reasons[labels.reason] ?? labels.reason },
          { name: words.transport, cell: ({ labels }) => text.health.transports[labels.transport] ?? labels.transport },
          { name: words.times, isFigure: true, cell: ({ value }) => formatCount(value) },
        ]}
      />
      <FigureTable
        caption={words.limitsHit}
        rows={limits}
        keyOf={({ labels }) => `${labels.limit} ${labels.tenant}`}
        empty={words.noLimits}
        columns={[
          { name: words.limit, cell: ({ labels }) => text.health.limits[labels.limit] ?? labels.limit },
          { name: words.tenant, cell: ({ labels }) => <code>{labels.tenant}</code> },
          { name: words.times, isFigure: true, cell: ({ value }) => formatCount(value) },
        ]}
      />
      {limits.length > 0 && <p className="health-note">{words.limitsWhy}</p>}
    </>
  );
}
