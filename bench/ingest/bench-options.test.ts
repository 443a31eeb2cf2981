import { expect, test } from 'vitest';
import { parseBenchOptions } from './bench-options.ts';
import { DEFAULT_MATRIX, matrixRowSpec, parseMatrixRow } from './matrix-row.ts';

function parsed(...argv: string[]) {
  const options = parseBenchOptions(argv);
  if (options === 'help') throw new Error('help was not asked for.');
  return options;
}

test('without options both transports are measured in full', () => {
  const options = parsed();
  expect(options.transports).toEqual(['http', 'grpc']);
  expect(options.matrix).toEqual([]);
  expect(options.spans).toBe(500_000);
});

test('--matrix compares many ways to send, with smaller rows', () => {
  const options = parsed('--matrix');
  expect(options.matrix).toBe(DEFAULT_MATRIX);
  expect([options.spans, options.halfLoadSpans]).toEqual([200_000, 0]);
  expect(parsed('--matrix', '--spans', '5000').spans).toBe(5000);
});

test('the matrix has every transport, encoding, compression and 1 to 200 connections', () => {
  const values = (pick: (row: (typeof DEFAULT_MATRIX)[number]) => unknown) => new Set(DEFAULT_MATRIX.map(pick));
  expect(values(({ transport }) => transport)).toEqual(new Set(['http', 'grpc']));
  expect(values(({ form }) => form.encoding)).toEqual(new Set(['protobuf', 'json']));
  expect(values(({ form }) => form.compression)).toEqual(new Set(['none', 'gzip', 'zstd']));
  expect(values(({ batch }) => batch)).toEqual(new Set([512, 8192]));
  expect(values(({ connections }) => connections)).toEqual(new Set([1, 10, 50, 200]));
  expect(values(matrixRowSpec).size).toBe(DEFAULT_MATRIX.length);
});

test('rows of one’s own are read and written alike', () => {
  const spec = 'grpc:protobuf:zstd:8192:10';
  expect(matrixRowSpec(parseMatrixRow(spec))).toBe(spec);
  expect(parsed('--row', spec, '--row', 'http:json:none:512:1').matrix.map(matrixRowSpec)).toEqual([
    spec,
    'http:json:none:512:1',
  ]);
});

test.each([
  [['--row', 'grpc:json:none:512:1'], 'gRPC carries protobuf only'],
  [['--row', 'http:protobuf:none:512'], '4 parts (5 wanted'],
  [['--row', 'http:protobuf:lz4:512:1'], 'not one of none, gzip, zstd'],
  [['--row', 'http:protobuf:none:0:1'], 'not an integer from 1'],
  [['--encoding', 'json'], 'Add --transport http'],
  [['--spans', 'many'], '--spans many: not an integer'],
  [['--spans', ''], 'not an integer'],
  [['--transport', 'udp'], 'not one of http, grpc, both'],
])('%j is refused with what is wrong', (argv, message) => {
  expect(() => parseBenchOptions(argv)).toThrow(message);
});
