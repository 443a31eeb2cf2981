import { type NamedValue, valueText } from '@clew/traceql/evaluate';
import type { World } from './read-world.ts';

/** What a search found, from wherever it comes; spans in any order. */
export interface FoundTraceLines {
  readonly traceId: string;
  readonly spansets: readonly {
    readonly attributes: readonly NamedValue[];
    readonly spans: readonly { readonly name: string; readonly selected: readonly NamedValue[] }[];
  }[];
}

/** Answers of spanset queries as the case files write them: a line a spanset. */
export function printFound(world: World, traces: readonly FoundTraceLines[]): string[] {
  return traces.flatMap(({ traceId, spansets }) =>
    spansets.map(({ attributes, spans }) => {
      const inOrder = spans.toSorted((a, b) => world.spanOrder(a.name) - world.spanOrder(b.name));
      const set = attributes.length === 0 ? '' : ` [${printNamed(attributes)}]`;
      const shown = inOrder.map(({ name, selected }) =>
        selected.length === 0 ? name : `${name}(${printNamed(selected)})`,
      );
      return `${world.traceName(traceId)}:${set} ${shown.join(' ')}`;
    }),
  );
}

function printNamed(values: readonly NamedValue[]): string {
  return values.map(({ name, value }) => `${name} = ${valueText(value)}`).join(', ');
}

/** Twelve digits: sums of fractions differ in the last ones. */
const DIGITS = 12;

/** Answers of metrics queries as the case files write them: a line a series; NaN and undefined are no points. */
export function printSeries(
  series: readonly { readonly labels: readonly NamedValue[]; readonly values: Iterable<number | undefined> }[],
): string[] {
  return series.map(({ labels, values }) => {
    const points = [...values].map((value) =>
      value === undefined || Number.isNaN(value) ? '-' : String(Number(value.toPrecision(DIGITS))),
    );
    return `{${printNamed(labels)}} ${points.join(' ')}`;
  });
}
