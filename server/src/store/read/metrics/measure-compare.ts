import { printAttribute, type Static } from '@clew/traceql';
import { compareText } from '@clew/traceql/compare-statics';
import { type PlainValue, valueText } from '@clew/traceql/evaluate/plain-value';
import { ArrayColumn } from '../../native/array-column.ts';
import { TextColumn } from '../../native/column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NumberColumn } from '../../native/number-column.ts';
import { TupleColumn } from '../../native/tuple-column.ts';
import type { Measured, MeasuredSeries, SeriesLabel } from '../../span-measure.ts';
import type { StatementRunner } from '../statement-runner.ts';
import {
  type CompareRequest,
  DEFAULT_TOP_N,
  IN_RESOURCE,
  IN_SPAN,
  INTRINSIC,
  tryCompareStatements,
} from './compare-statements.ts';
import { readLabel } from './read-label.ts';

/** Undefined when SQL cannot say the filter or the selection. */
export async function tryMeasureCompare(
  runner: StatementRunner,
  request: CompareRequest,
): Promise<Measured | undefined> {
  const statements = tryCompareStatements(request);
  if (statements === undefined) return undefined;
  const answers = await Promise.all(
    statements.map(async (statement, at) => {
      const rows: ComparedRow[] = [];
      for await (const block of runner.blocks(statement, {}, STATEMENT_NAMES[at])) rows.push(...readRows(block));
      return rows;
    }),
  );
  const rows = answers.flat();
  const series = rows.flatMap((row) => seriesOf(row, request));
  // Every span has a name: its rows tell of all spans.
  const ofNames = rows.filter(({ attribute }) => attribute === `${INTRINSIC}name`);
  const sum = (of: (row: ComparedRow) => number): number => ofNames.reduce((total, row) => total + of(row), 0);
  return {
    series: series.slice(0, request.maxSeries),
    exemplars: [],
    source: 'spans',
    hasMoreSeries: series.length > request.maxSeries,
    notes: [],
    sampling: {
      spans: sum(({ spans }) => spans),
      sampled: sum(({ sampled }) => sampled),
      weight: sum(({ weight }) => weight),
    },
  };
}

const STATEMENT_NAMES = [
  'compare: attributes of spans',
  'compare: attributes of resources',
  'compare: roots of traces',
];

interface ComparedValue {
  readonly value: PlainValue;
  readonly total: number;
  readonly points: readonly Point[];
}

type Point = readonly [bucket: number, weight: number];

/** An attribute on one side. */
interface ComparedRow {
  readonly isSelected: boolean;
  /** With the letter of its place. */
  readonly attribute: string;
  readonly distinct: number;
  readonly totals: readonly Point[];
  readonly top: readonly ComparedValue[];
  readonly spans: number;
  readonly sampled: number;
  readonly weight: number;
}

function readRows(block: NativeBlock): ComparedRow[] {
  const side = block.column('side', NumberColumn);
  const attribute = block.column('attribute', TextColumn);
  const distinct = block.column('distinct', Int64Column);
  const totals = block.column('totals', TupleColumn);
  const top = block.column('top', ArrayColumn);
  const values = top.elementsAs(TupleColumn);
  const counts = (['spans', 'sampled'] as const).map((name) => block.column(name, Int64Column));
  const weight = block.column('weight', NumberColumn);
  return Array.from({ length: block.rowCount }, (_, row) => ({
    isSelected: side.boolean(row),
    attribute: attribute.text(row),
    distinct: distinct.number(row),
    totals: readPoints(totals.elementAs(0, ArrayColumn), totals.elementAs(1, ArrayColumn), row),
    top: Array.from({ length: top.to(row) - top.from(row) }, (_, i) => readValue(values, top.from(row) + i)),
    spans: counts[0].number(row),
    sampled: counts[1].number(row),
    weight: weight.number(row),
  }));
}

function readValue(values: TupleColumn, row: number): ComparedValue {
  return {
    value: readLabel(values.elementAs(1, TextColumn).text(row)),
    total: -values.elementAs(0, NumberColumn).number(row),
    points: readPoints(values.elementAs(2, ArrayColumn), values.elementAs(3, ArrayColumn), row),
  };
}

function readPoints(buckets: ArrayColumn, weights: ArrayColumn, row: number): Point[] {
  const [bucket, weight] = [buckets.elementsAs(NumberColumn), weights.elementsAs(NumberColumn)];
  return Array.from({ length: buckets.to(row) - buckets.from(row) }, (_, i) => [
    bucket.number(buckets.from(row) + i),
    weight.number(weights.from(row) + i),
  ]);
}

function seriesOf(row: ComparedRow, { aggregate, grid }: CompareRequest): MeasuredSeries[] {
  const topN = aggregate.topN ?? DEFAULT_TOP_N;
  const name = labelName(row.attribute);
  const side = row.isSelected ? 'selection' : 'baseline';
  const series = (labels: readonly SeriesLabel[], points: readonly Point[]): MeasuredSeries => {
    const values = new Float64Array(grid.count);
    for (const [bucket, weight] of points) values[bucket] = weight;
    return { labels, values };
  };
  const ranked = row.top
    .slice()
    .sort((a, b) => b.total - a.total || compareText(valueText(a.value), valueText(b.value)));
  const shown = ranked
    .slice(0, topN)
    .map(({ value, points }) => series([text('__meta_type', side), { name, value }], points));
  if (row.distinct > topN) {
    shown.push(
      series([text('__meta_type', side), text('__meta_error', '__too_many_values__'), { name, value: NIL }], []),
    );
  }
  return [...shown, series([text('__meta_type', `${side}_total`), { name, value: NIL }], row.totals)];
}

const NIL: Static = { type: 'nil' };

function text(name: string, value: string): SeriesLabel {
  return { name, value: { type: 'string', value } };
}

function labelName(attribute: string): string {
  const key = attribute.slice(1);
  if (attribute.startsWith(IN_SPAN)) return printAttribute('span', key);
  return attribute.startsWith(IN_RESOURCE) ? printAttribute('resource', key) : key;
}
