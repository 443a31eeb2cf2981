import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

export const importText = {
  page: 'Open a trace file',
  lead: 'Look at traces out of files, in this browser alone: nothing is sent to the server or kept.',
  choose: 'Choose files',
  orDrop: 'or drop them here, or onto any page of Clew',
  forms: 'What can be read',
  formList: [
    'OTLP JSON, as one document or one a line (the Collector’s file exporter)',
    'OTLP protobuf',
    'Jaeger JSON: “Download JSON” of its UI, or its HTTP API',
    'Zipkin v2 JSON',
  ],
  limits: (files: number, mib: number, spans: number): string =>
    `Up to ${files} files at once, together ${mib} MiB and ${formatCount(spans)} spans; packed with gzip or not. ` +
    'Spans of one trace may be in several files.',
  dropHere: 'Drop to open',
  dropHint: 'OTLP, Jaeger or Zipkin',
  reading: (name: string, size: string): string => `Reading ${name}, ${size}`,
  failed: (name: string): string => `${name} cannot be read`,
  place: 'Place',
  moreFailed: (count: number): string => `${plural(count, 'more file', 'more files')} cannot be read.`,
  opened: (name: string): string => `Traces in ${name}`,
  files: (count: number): string => plural(count, 'file', 'files'),
  /** Names of files where there is little room. */
  filesOf: (names: readonly string[]): string =>
    names.length > 2 ? `${names[0]} and ${formatCount(names.length - 1)} more` : names.join(', '),
  list: 'Files',
  total: (traces: number, spans: number): string =>
    `${plural(traces, 'trace', 'traces')}, ${plural(spans, 'span', 'spans')}`,
  repeated: (count: number): string =>
    `${plural(count, 'span is', 'spans are')} in more than one file, and shown once.`,
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
    file: 'File',
  },
  noRoot: 'Root span not in a file',
  more: (count: number): string => `Show ${formatCount(count)} more`,
  close: (count: number): string => (count === 1 ? 'Close the file' : 'Close the files'),
  closed: {
    title: 'This file is no longer open',
    why: 'Clew keeps nothing of the files it opens: after the page was loaded anew, the file has to be opened again.',
  },
  notInFiles: (traceId: string, name: string): string => `${name}: no span of trace ${traceId}.`,
  toList: 'Traces of the files',
  fromFile: (name: string): string => `Out of ${name}; the server is not asked`,
} as const;
