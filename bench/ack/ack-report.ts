import { milliseconds, quantiles, ratio, thousands } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { AckFigures, AckResult } from './ack-bench.ts';

type Row = readonly [label: string, value: (figures: AckFigures) => string];

const sentPerSecond = ({ singleClient }: AckFigures): number =>
  (singleClient.acknowledgedSpans / singleClient.wallMs) * 1000;

const ROWS: readonly Row[] = [
  ['capacity: spans/s stored', ({ capacity }) => thousands(capacity)],
  ['half load: spans/s due', ({ rate }) => thousands(rate)],
  ['half load: requests', ({ halfLoad }) => String(halfLoad.acknowledgeMs.count)],
  ['half load: acknowledged ms, p50 / p90 / p99 / max', ({ halfLoad }) => quantiles(halfLoad.acknowledgeMs)],
  ['  of that the generator was late, ms', ({ halfLoad }) => quantiles(halfLoad.lateMs)],
  ['half load: refused for now, sent again', ({ halfLoad }) => String(halfLoad.retries)],
  ['searched meanwhile: acknowledged ms', ({ searched }) => quantiles(searched?.halfLoad.acknowledgeMs)],
  ['searched meanwhile: probes found', ({ searched }) => String(searched?.visibility.probes ?? '-')],
  ['  found after acknowledgement, ms', ({ searched }) => quantiles(searched?.visibility.afterAcknowledgeMs)],
  ['  found after sending, ms', ({ searched }) => quantiles(searched?.visibility.afterSendMs)],
  ['  such a search took, ms', ({ searched }) => quantiles(searched?.visibility.searchMs)],
  ['one client: spans/s acknowledged', (figures) => thousands(sentPerSecond(figures))],
  ['one client: acknowledged ms, p50 / p90 / p99 / max', ({ singleClient }) => quantiles(singleClient.acknowledgeMs)],
];

export function formatAckReport({ machine, options, fsyncMs, targets }: AckResult): string {
  const baseline = targets.find(({ name }) => name === 'baseline');
  const lines = [
    formatMachine(machine),
    `load      ${options.batch} spans a request; half load on ${options.connections} connections for ${options.seconds} s, ` +
      `seed ${options.seed}`,
    `disk      appending 128 KiB and fdatasync took ${milliseconds(fsyncMs.p50)} ms (p50), ` +
      `${milliseconds(fsyncMs.p99)} ms (p99) before the run: nobody who is durable acknowledges sooner`,
    'verified  everything acknowledged is stored, once',
    '',
    ...textTable([
      ['', ...targets.map(({ name, transport }) => `${name} ${transport}`)],
      ...ROWS.map(([label, value]) => [label, ...targets.map(value)]),
    ]),
    '',
  ];
  if (baseline !== undefined) {
    for (const figures of targets) if (figures !== baseline) lines.push(comparison(figures, baseline));
    lines.push('', ...NOT_COMPARABLE);
  }
  return lines.join('\n');
}

function comparison(figures: AckFigures, baseline: AckFigures): string {
  const p99 = ratio(baseline.halfLoad.acknowledgeMs.p99, figures.halfLoad.acknowledgeMs.p99);
  const single = ratio(sentPerSecond(figures), sentPerSecond(baseline));
  return (
    `Clew ${figures.transport} and baseline, each at half of its own load: acknowledgement p99 is ${p99} as long with the baseline; ` +
    `one client gets ${single} as many spans/s into Clew`
  );
}

const NOT_COMPARABLE = [
  'What is not the same:',
  "- Half load is half of each one's own capacity: the baseline is given fewer spans a second.",
  '- The baseline acknowledges after its insert of >= 10,000 rows or a second; a smaller insert would answer one client',
  '  sooner and cost more. It does not fsync. After its acknowledgement a span is visible at once: compare "after sending".',
  '- Searches for probes go to the engine in SQL for the baseline, through the HTTP API for Clew, with a pause of 100 ms, or',
  '  of as long as the last one took: times until found are up to a pause and a search too long.',
  '- Generator, probes and target share the cores: on a small machine waiting for a core is part of every figure.',
];
