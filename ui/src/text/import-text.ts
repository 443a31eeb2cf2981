import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

export const importText = {
  page: 'Open a trace file',
  lead: 'Look at traces out of a file, in this browser alone: nothing is sent to the server or kept.',
  choose: 'Choose a file',
  orDrop: 'or drop one here, or onto any page of Clew',
  forms: 'What can be read',
  formList: [
    'OTLP JSON, as one document or one a line (the Collector’s file exporter)',
    'OTLP protobuf',
    'Jaeger JSON: “Download JSON” of its UI, or its HTTP API',
    'Zipkin v2 JSON',
  ],
  limits: (mib: number, spans: number): string =>
    `Up to ${mib} MiB and ${formatCount(spans)} spans; packed with gzip or not.`,
  dropHere: 'Drop the file to open it',
  dropHint: 'OTLP, Jaeger or Zipkin',
  reading: (name: string, size: string): string => `Reading ${name}, ${size}`,
  failed: (name: string): string => `${name} cannot be read`,
  place: 'Place',
  several: (count: number): string => `${count} files (limit 1). Choose one of them.`,
  opened: (name: string): string => `Traces in ${name}`,
  summary: (traces: number, spans: number, form: string): string =>
    `${plural(traces, 'trace', 'traces')}, ${plural(spans, 'span', 'spans')}, ${form}`,
  invalid: (count: number): string =>
    `${plural(count, 'span is', 'spans are')} left out: without a valid trace id and span id ${count === 1 ? 'it belongs' : 'they belong'} nowhere.`,
  formats: {
    'otlp-json': 'OTLP JSON',
    'otlp-json-lines': 'OTLP JSON, one document a line',
    'otlp-protobuf': 'OTLP protobuf',
    jaeger: 'Jaeger JSON',
    zipkin: 'Zipkin v2 JSON',
  },
  columns: {
    trace: 'Trace',
    start: 'Start',
    duration: 'Duration',
    spans: 'Spans',
    errors: 'Errors',
    services: 'Services',
  },
  noRoot: 'Root span not in the file',
  more: (count: number): string => `Show ${formatCount(count)} more`,
  close: 'Close the file',
  closed: {
    title: 'This file is no longer open',
    why: 'Clew keeps nothing of the files it opens: after the page was loaded anew, the file has to be opened again.',
  },
  notInFile: (traceId: string, name: string): string => `${name} holds no span of trace ${traceId}.`,
  toList: 'Traces of the file',
  fromFile: (name: string): string => `Out of the file ${name}; the server is not asked`,
} as const;
