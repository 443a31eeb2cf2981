/** Where the demo sends when it is not told. */
const DEFAULT_GRPC = 'http://127.0.0.1:4317';

export const setupText = {
  page: 'Send data',
  heading: 'Send your first span',
  lead: 'Clew takes OpenTelemetry’s protocol (OTLP) as it is: point an exporter at one of these endpoints.',
  endpoints: 'Endpoints',
  otlpHttp: 'OTLP over HTTP',
  otlpGrpc: 'OTLP over gRPC',
  languages: 'What sends the spans',
  languageNames: {
    node: 'Node.js',
    python: 'Python',
    go: 'Go',
    java: 'Java',
    dotnet: '.NET',
    ruby: 'Ruby',
    php: 'PHP',
    rust: 'Rust',
    browser: 'Browser',
    curl: 'curl',
    collector: 'Collector',
    kubernetes: 'Kubernetes',
    envoy: 'Envoy',
    istio: 'Istio',
  },
  steps: { install: 'Install', code: 'Set up', run: 'Run', apply: 'Apply' },
  copySnippet: (part: string): string => `Copy: ${part}`,
  waiting: 'Waiting for the first span…',
  waitingWhy: 'This line turns into a link as soon as one arrives.',
  arrived: 'Spans are arriving.',
  openLast: 'Open the latest trace',
  explore: 'Explore traces',
  storage: {
    label: 'Storage',
    stored: (spans: string, bytes: string): string => `${spans} spans, ${bytes} on disk`,
    since: (oldest: string, newest: string): string =>
      oldest === newest ? `of ${oldest}` : `from ${oldest} to ${newest}`,
    room: (limit: string | undefined, free: string): string =>
      limit === undefined ? `${free} of the disk are free` : `the limit is ${limit}`,
    keptFor: (day: string, when: string): string =>
      `The time of the spans of ${day} is over: they will be dropped ${when}.`,
    fullSoon: (day: string, bytes: string, when: string): string =>
      `The disk fills up: the spans of ${day} (${bytes}) will be dropped ${when}.`,
    at: (instant: string): string => `at ${instant}`,
    whenFull: 'when it is full',
    soon: 'soon',
  },
  container:
    'In a container 127.0.0.1 is the container itself: put the address there by which it reaches the host that runs Clew, and let Clew listen on it (server.host).',
  sample: 'Send sample data',
  sampleWhy: (traces: number): string =>
    `${traces} traces of the last quarter of an hour, of a small shop with a failing payment and a query repeated too often. They come in as real spans do, and go when their time of retention is over.`,
  sampleSending: 'Sending…',
  sampleSent: (spans: string): string => `${spans} spans sent.`,
  sampleShow: 'Show them',
  importFile: 'Open a file of traces',
  demo: 'No application at hand?',
  demoWhy:
    'For more, and for as long as you like, the demo is a shop of a dozen services that send through the OpenTelemetry SDK, with faults to find. In another terminal:',
  demoCommand: (endpoint: string): string =>
    endpoint === '' || endpoint === DEFAULT_GRPC ? 'npm start -- demo' : `npm start -- demo --endpoint ${endpoint}`,
} as const;
