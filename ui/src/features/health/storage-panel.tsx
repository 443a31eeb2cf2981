import type { StatusAnswer } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { formatCount } from '../../text/format-count.ts';
import { describeNextDrop } from '../setup/describe-storage.ts';
import { Fact, FactList } from './fact-list.tsx';
import { FigureTable } from './figure-table.tsx';
import type { MetricSample, MetricSet } from './metric-set.ts';

const words = text.health.storage;
const NEARLY_FULL = 0.9;

/** What the store holds, how much room is left and what goes next. */
export function StoragePanel({ status, metrics }: { readonly status: StatusAnswer; readonly metrics: MetricSet }) {
  const { storage } = status;
  if (storage === undefined) return <p className="health-note">{words.waiting}</p>;
  const fullness = Math.max(0, ...metrics.samples('clew_store_fullness_ratio').map(({ value }) => value));
  const droppedSpans = metrics.sum('clew_dropped_spans_total') ?? 0;
  const droppedBytes = metrics.sum('clew_dropped_bytes_total') ?? 0;
  const days =
    storage.oldestDay === null || storage.newestDay === null
      ? text.health.none
      : [...new Set([storage.oldestDay, storage.newestDay])].join(' – ');
  return (
    <>
      <FactList>
        <Fact label={words.spans} value={formatCount(storage.spans)} />
        <Fact
          label={words.bytes}
          value={formatBytes(storage.bytes)}
          note={storage.limitBytes === null ? undefined : words.ofLimit(formatBytes(storage.limitBytes))}
        />
        <Fact
          label={words.perSpan}
          value={storage.spans === 0 ? text.health.none : formatBytes(storage.bytes / storage.spans)}
        />
        <Fact label={words.days} value={days} />
        <Fact label={words.room} value={words.free(formatBytes(storage.freeBytes))} />
        <Fact label={words.fullness} value={`${Math.round(fullness * 100)} %`} wrong={fullness >= NEARLY_FULL} />
        <Fact label={words.dropped} value={words.droppedValue(formatCount(droppedSpans), formatBytes(droppedBytes))} />
        <Fact label={words.merges} value={formatCount(metrics.sum('clew_store_merges') ?? 0)} />
      </FactList>
      <section>
        <h2>{words.next}</h2>
        <p>{describeNextDrop(storage, Date.now()) ?? words.nothingNext}</p>
      </section>
      <TableSizes metrics={metrics} />
    </>
  );
}

function TableSizes({ metrics }: { readonly metrics: MetricSet }) {
  const rows = metrics.samples('clew_store_table_bytes').toSorted((a, b) => b.value - a.value);
  const severalNodes = new Set(rows.map(({ labels }) => labels.node)).size > 1;
  const of = (name: string, { labels }: MetricSample): number => metrics.sum(name, labels) ?? 0;
  return (
    <FigureTable
      caption={words.tables}
      rows={rows}
      keyOf={({ labels }) => `${labels.node} ${labels.table}`}
      empty={words.waiting}
      columns={[
        { name: words.table, cell: ({ labels }) => <code>{labels.table}</code> },
        ...(severalNodes ? [{ name: words.node, cell: ({ labels }: MetricSample) => <code>{labels.node}</code> }] : []),
        { name: words.rows, isFigure: true, cell: (row) => formatCount(of('clew_store_table_rows', row)) },
        { name: words.bytes, isFigure: true, cell: ({ value }) => formatBytes(value) },
        { name: words.parts, isFigure: true, cell: (row) => formatCount(of('clew_store_table_parts', row)) },
      ]}
    />
  );
}
