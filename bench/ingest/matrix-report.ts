import { milliseconds, perMillion, ratio, thousands } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { atGoalMachine, meanOf } from '../report/machine-pace.ts';
import { textTable } from '../report/text-table.ts';
import type { TargetFigures } from './measure-target.ts';
import type { BenchResult } from './report.ts';

const HEAD = [
  'transport encoding compression batch connections',
  'CPU s/M',
  'of first',
  'protobufjs decodes',
  'spans/s per core',
  'baseline is',
  'Node CPU',
  'engine CPU',
  'ack p50 ms',
  'p99 ms',
  'refused',
  'body B/span',
];

/** Every row against the first and against the baseline. */
export function formatMatrix({ machine, decodeNano, options, bytesPerSpan, targets }: BenchResult): string {
  const cost = ({ cpu, spans }: TargetFigures): number => cpu.seconds / spans;
  const [first] = targets;
  const baseline = targets.find(({ name }) => name === 'baseline');
  const rows = targets.map((figures) => {
    const { transport, form, batch, connections, spans, cpu, load } = figures;
    return [
      `${figures === baseline ? 'baseline ' : ''}${transport} ${form.encoding} ${form.compression} ${batch} ${connections}`,
      perMillion(cpu.seconds, spans),
      ratio(cost(figures), cost(first)),
      atGoalMachine(cost(figures), meanOf(decodeNano)).decodes.toFixed(2),
      thousands(spans / cpu.seconds),
      baseline === undefined ? '-' : ratio(cost(baseline), cost(figures)),
      perMillion(cpu.rootSeconds, spans),
      perMillion(cpu.childSeconds, spans),
      milliseconds(load.acknowledgeMs.p50),
      milliseconds(load.acknowledgeMs.p99),
      String(load.retries),
      (load.sentBytes / spans).toFixed(0),
    ];
  });
  return [
    formatMachine(machine),
    `data      ${bytesPerSpan.toFixed(0)} bytes a span as OTLP protobuf, seed ${options.seed}; ${options.spans} spans a row ` +
      `after ${options.warmUpSpans} of warm-up, each on an empty store`,
    'verified  every row stored exactly the spans that were acknowledged',
    '',
    ...textTable([HEAD, ...rows]),
    '',
    'CPU s/M: CPU seconds of all processes per million spans until merges are quiet. Each connection has one request in',
    'flight. JSON and compressed bodies are made before the clock starts. Acknowledgement times are those of a machine',
    'that is full, where more connections only wait longer; half load is measured by bench:ack. The baseline takes plain',
    'protobuf over HTTP, writes no journal, and is sent more requests at once (see bench:ingest without --matrix).',
  ].join('\n');
}
