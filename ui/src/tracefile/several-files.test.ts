import { type Span, spanIdAt, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { spansInContext } from '@clew/wire/file/span-in-context';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { describe, expect, it } from 'vitest';
import { MAX_FILES } from './file-limits.ts';
import { TraceDesk } from './trace-desk.ts';
import { unpackFile } from './unpack-file.ts';

const SEED = 77;
const data = generateRealisticTraces({ seed: SEED, traces: 6, maxSpansPerTrace: 40 });
const all = [...spansInContext(data)].map(({ span }) => span);
const EMPTY = '{"resourceSpans":[]}';

/** The part of the data whose spans are wanted, each under its resource and scope. */
function partOf(isWanted: (span: Span, at: number) => boolean): TraceData {
  let at = 0;
  const resourceSpans = data.resourceSpans.map((resource) => ({
    ...resource,
    scopeSpans: resource.scopeSpans.map((scope) => ({
      ...scope,
      spans: scope.spans.filter((span) => isWanted(span, at++)),
    })),
  }));
  return { resourceSpans };
}

const json = (part: TraceData, name: string): File => new File([writeOtlpJson(part)], name);

function idsOf(desk: TraceDesk, traceId: Span['traceId']): readonly string[] {
  const columns = desk.columns(traceId);
  return Array.from({ length: columns.spanCount }, (_, row) => spanIdAt(columns, row)).sort();
}

describe(`several files at once (seed ${SEED})`, () => {
  it('are one list of traces, each with its file', async () => {
    const [first] = new Set(all.map(({ traceId }) => traceId));
    const one = json(
      partOf(({ traceId }) => traceId === first),
      'one.json',
    );
    const rest = new File([encodeOtlpProtobuf(partOf(({ traceId }) => traceId !== first)) as BlobPart], 'rest.pb');
    const summary = await new TraceDesk().openFiles([one, rest]);
    expect(summary.files.map(({ name, format, traceCount }) => [name, format, traceCount])).toEqual([
      ['one.json', 'otlp-json', 1],
      ['rest.pb', 'otlp-protobuf', 5],
    ]);
    expect(summary.spanCount).toBe(all.length);
    expect(summary.traces).toHaveLength(6);
    for (const { traceId, fileNames } of summary.traces) {
      expect(fileNames).toEqual([traceId === first ? 'one.json' : 'rest.pb']);
    }
    const counts = summary.traces.map(({ spanCount }) => spanCount);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  it('may each hold a part of a trace: it is the trace that one file would have given', async () => {
    const whole = new TraceDesk();
    const { traces } = await whole.openFiles([json(data, 'whole.json')]);
    const parted = new TraceDesk();
    const parts = [0, 1, 2].map((part) =>
      json(
        partOf((_, at) => at % 3 === part),
        `part-${part}.json`,
      ),
    );
    const summary = await parted.openFiles(parts);
    expect(summary).toMatchObject({ spanCount: all.length, repeatedSpanCount: 0, failed: [] });
    const plain = (list: typeof traces) =>
      list
        .map(({ fileNames: _, services, ...trace }) => ({ ...trace, services: [...services].sort() }))
        .sort((a, b) => a.traceId.localeCompare(b.traceId));
    expect(plain(summary.traces)).toEqual(plain(traces));
    expect(summary.traces[0].fileNames).toEqual(['part-0.json', 'part-1.json', 'part-2.json']);
    for (const { traceId } of traces) expect(idsOf(parted, traceId)).toEqual(idsOf(whole, traceId));
    // Everything a span carries has come along, and links are found once.
    for (const { traceId, spanId, links } of all) {
      expect(parted.span(traceId, spanId)).toEqual(whole.span(traceId, spanId));
      for (const link of links) {
        expect(parted.linkingSpans(link.traceId, link.spanId)).toHaveLength(
          whole.linkingSpans(link.traceId, link.spanId).length,
        );
      }
    }
  });

  it('may hold the same span: it is there once, and counted', async () => {
    const desk = new TraceDesk();
    const summary = await desk.openFiles([
      json(data, 'a.json'),
      json(
        partOf((_, at) => at < 7),
        'a.json',
      ),
    ]);
    expect(summary).toMatchObject({ spanCount: all.length, repeatedSpanCount: 7 });
    expect(summary.files.map(({ name }) => name)).toEqual(['a.json', 'a.json (2)']);
  });

  it('may be bad: each is named with its error, and the others are there', async () => {
    const bad = [
      new File(['{"data": [{"traceID": "a",\n "spans": [}]}'], 'broken.json'),
      new File([EMPTY], 'empty.json'),
      new File(['?'], 'notes.txt'),
    ];
    const desk = new TraceDesk();
    const summary = await desk.openFiles([bad[0], json(data, 'good.json'), bad[1], bad[2]]);
    expect(summary.files.map(({ name }) => name)).toEqual(['good.json']);
    expect(summary.spanCount).toBe(all.length);
    expect(summary.failed.map(({ name, failure }) => [name, failure.code])).toEqual([
      ['broken.json', 'TRACE_FILE_MALFORMED_JSON'],
      ['empty.json', 'TRACE_FILE_NO_SPANS'],
      ['notes.txt', 'TRACE_FILE_UNKNOWN_FORMAT'],
    ]);
  });

  it('are so many at most, and share what one file may hold', async () => {
    const [file] = [
      json(
        partOf((_, at) => at === 0),
        'one.json',
      ),
    ];
    const summary = await new TraceDesk().openFiles(Array.from({ length: MAX_FILES + 2 }, () => file));
    expect(summary.files).toHaveLength(MAX_FILES);
    expect(summary.failed.map(({ failure }) => failure.message)).toEqual([
      expect.stringContaining(`${MAX_FILES + 2} at once (limit ${MAX_FILES})`),
      expect.stringContaining(`${MAX_FILES + 2} at once (limit ${MAX_FILES})`),
    ]);
    await expect(unpackFile(file, file.size)).resolves.toHaveLength(file.size);
    await expect(unpackFile(file, file.size - 1)).rejects.toThrow(/limit 512 MiB, 0 MiB left by the files before it/);
  });
});
