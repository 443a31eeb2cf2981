import { describe, expect, it } from 'vitest';
import { traceDataFromBatch } from '../otlp/trace-data-from-batch.ts';
import { readTraceFile } from './read-trace-file.ts';
import { TraceFileError } from './trace-file-error.ts';

const SPAN = '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"a","kind":1}';

function read(text: string) {
  return readTraceFile(new TextEncoder().encode(text));
}

function errorOf(text: string): TraceFileError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof TraceFileError) return error;
    throw error;
  }
  throw new Error('it was read');
}

function jaegerSpan(change: object): string {
  const span = {
    traceID: 'abc',
    spanID: '1',
    operationName: 'a',
    startTime: 1,
    duration: 1,
    processID: 'p1',
    ...change,
  };
  return JSON.stringify({ data: [{ traceID: 'abc', spans: [span], processes: { p1: { serviceName: 's' } } }] });
}

describe('a file of spans', () => {
  it.each([
    ['nothing', '', 'TRACE_FILE_EMPTY', ''],
    ['white space', ' \n ', 'TRACE_FILE_EMPTY', ''],
    ['a text', 'hello', 'TRACE_FILE_UNKNOWN_FORMAT', 'line 1, column 1'],
    ['other JSON', '{"spans": 3}', 'TRACE_FILE_UNKNOWN_FORMAT', 'line 1, column 1'],
    ['no span', '{"resourceSpans": []}', 'TRACE_FILE_NO_SPANS', ''],
    ['broken OTLP JSON', '{"resourceSpans": [\n {"scopeSpans": ]}', 'TRACE_FILE_MALFORMED_JSON', 'line 2, column 17'],
    [
      'broken Jaeger JSON',
      '{"data": [{"traceID": "a",\n "spans": [}]}',
      'TRACE_FILE_MALFORMED_JSON',
      'line 2, column 12',
    ],
    ['broken Zipkin JSON', '[{"traceId": "a", nope}]', 'TRACE_FILE_MALFORMED_JSON', 'line 1, column 19'],
    [
      'a broken second line',
      `{"resourceSpans":[]}\n{"resourceSpans":[}]}\n`,
      'TRACE_FILE_MALFORMED_JSON',
      'line 2, column 19',
    ],
    ['a trace id that is none', jaegerSpan({ traceID: 'xyz' }), 'TRACE_FILE_INVALID_VALUE', 'data[0].spans[0].traceID'],
    [
      'a time that is none',
      jaegerSpan({ startTime: 'noon' }),
      'TRACE_FILE_INVALID_VALUE',
      'data[0].spans[0].startTime',
    ],
    ['spans that are no list', '{"data":[{"traceID":"a","spans":{}}]}', 'TRACE_FILE_INVALID_VALUE', 'data[0].spans'],
    ['a Zipkin kind nobody knows', '[{"traceId":"a","id":"1","kind":"DOG"}]', 'TRACE_FILE_INVALID_VALUE', '[0].kind'],
    [
      'Zipkin v1',
      '[{"traceId":"a","id":"1","binaryAnnotations":[]}]',
      'TRACE_FILE_INVALID_VALUE',
      '[0].binaryAnnotations',
    ],
  ])('with %s is refused with place', (_, text, code, place) => {
    const error = errorOf(text);
    expect(error.code, error.message).toBe(code);
    expect(error.place, error.message).toBe(place);
  });

  it('names the value that is wrong', () => {
    expect(errorOf(jaegerSpan({ spanID: 'nope' })).message).toBe(
      'Jaeger JSON: data[0].spans[0].spanID is "nope" (must be 1 to 16 hex digits, not all zeros). Correct the file or export it again.',
    );
  });

  it('may have one document a line, with empty ones, carriage returns and a byte order mark', () => {
    const document = `{"resourceSpans":[{"scopeSpans":[{"spans":[${SPAN}]}]}]}`;
    expect(read(`\ufeff${document}\r\n{ }\n\n  ${document}  \n${document}`).batch.spanCount).toBe(3);
  });

  it('may be one document over many lines', () => {
    const document = JSON.stringify(JSON.parse(`{"resourceSpans":[{"scopeSpans":[{"spans":[${SPAN}]}]}]}`), null, 2);
    expect(read(document)).toMatchObject({ format: 'otlp-json', batch: { spanCount: 1 } });
  });

  it('of Zipkin may leave out times, and stands at the start of its trace then', () => {
    const data = traceDataFromBatch(
      read('[[{"traceId":"a","id":"1","timestamp":5,"duration":2},{"traceId":"a","id":"2","parentId":"1"}]]').batch,
    );
    const spans = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(spans.map(({ startTimeUnixNano, endTimeUnixNano }) => [startTimeUnixNano, endTimeUnixNano])).toEqual([
      [5000n, 7000n],
      [5000n, 5000n],
    ]);
  });

  it('of Jaeger may name the parent by FOLLOWS_FROM or the old parentSpanID', () => {
    const parentOf = (change: object) =>
      traceDataFromBatch(read(jaegerSpan(change)).batch).resourceSpans[0]?.scopeSpans[0]?.spans[0]?.parentSpanId;
    expect(parentOf({ references: [{ refType: 'FOLLOWS_FROM', traceID: 'abc', spanID: '7' }] })).toMatch(/7$/);
    expect(parentOf({ parentSpanID: '8' })).toMatch(/8$/);
    expect(parentOf({ references: [{ refType: 'FOLLOWS_FROM', traceID: 'def', spanID: '7' }] })).toBe('');
  });
});
