import { expect, test } from 'vitest';
import { parsePeerSpec } from './peer-spec.ts';

test('a peer is its addresses, its processes and its folder', () => {
  const spec = 'jaeger=otlp:http://localhost:4318,query:http://localhost:16686,pid:12+34,data:/var/lib/jaeger';
  expect(parsePeerSpec(spec)).toEqual({
    name: 'jaeger',
    kind: 'jaeger',
    transport: 'http',
    otlpUrl: 'http://localhost:4318/v1/traces',
    queryUrl: 'http://localhost:16686',
    pids: [12, 34],
    dataDir: '/var/lib/jaeger',
  });
});

test('gRPC has a scheme of its own, and query and folder may be left out', () => {
  expect(parsePeerSpec('Tempo=otlp:grpc://[::1]:4317,pid:1')).toMatchObject({
    kind: 'tempo',
    transport: 'grpc',
    otlpUrl: 'http://[::1]:4317',
    queryUrl: undefined,
    dataDir: undefined,
  });
});

test('a kind brings its paths unless the address names one', () => {
  const both = 'otlp:http://h:10428,query:http://h:10428,pid:1';
  expect(parsePeerSpec(`victoriatraces=${both}`)).toMatchObject({
    otlpUrl: 'http://h:10428/insert/opentelemetry/v1/traces',
    queryUrl: 'http://h:10428/select/jaeger',
  });
  expect(parsePeerSpec('new=kind:jaeger,otlp:http://h:1/otlp,query:http://h:2/jaeger/,pid:1')).toMatchObject({
    name: 'new',
    kind: 'jaeger',
    otlpUrl: 'http://h:1/otlp',
    queryUrl: 'http://h:2/jaeger',
  });
});

test.each([
  ['jaeger', 'no name'],
  ['=otlp:http://h:1,pid:1', 'no name'],
  ['zipkin=otlp:http://h:1,pid:1', '--peer zipkin: kind zipkin: not one of clew, collector, jaeger'],
  ['jaeger=pid:1', 'no otlp address. Add otlp:http://host:4318'],
  ['jaeger=otlp:http://h:1', 'no pid. Add pid:1234'],
  ['jaeger=otlp:http://h:1,pid:x', '--peer jaeger: pid x: not an integer'],
  ['jaeger=otlp:http://h:1,pid:1,pid:2', 'pid twice. Join process ids with +.'],
  ['jaeger=otlp:https://h:1,pid:1', 'Use http:// or grpc://, without TLS.'],
  ['jaeger=otlp:localhost,pid:1', 'localhost is no address'],
  ['jaeger=otlp:http://h:1,pid:1,colour:red', '--peer jaeger: key colour: not one of kind, otlp'],
])('%s is refused with what is wrong', (spec, message) => {
  expect(() => parsePeerSpec(spec)).toThrow(message);
});
