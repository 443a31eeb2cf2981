import { compareStatics } from '../compare-statics.ts';
import type { Aggregated } from '../evaluate/aggregate.ts';
import { intValue, type Scalar } from '../evaluate/value.ts';
import { FloatSum } from '../float-sum.ts';
import type { AggregateFunction } from '../tree.ts';
import { DURATION_NUMBER, FLOAT_NUMBER, NO_NUMBER, type NumberColumn, type Rows } from './span-table.ts';

const WORD = 4_294_967_296n;

/** What an aggregate yields for a set of rows: the same as `aggregate` of the evaluator. */
export function aggregateRows(name: AggregateFunction, column: NumberColumn | undefined, rows: Rows): Aggregated {
  if (name === 'count' || column === undefined) return same(intValue(rows.length));
  const seen = surveyOf(column, rows);
  if (seen.count === 0) return same(undefined);
  switch (name) {
    case 'min':
      return same(extreme(column, rows, '<'));
    case 'max':
      return same(extreme(column, rows, '>'));
    case 'sum': {
      if (seen.hasFloats) return same({ type: 'float', value: floatSum(column, rows) });
      const type = seen.durations > 0 ? 'duration' : 'int';
      return same({ type, value: BigInt.asIntN(64, exactSum(column, rows)) });
    }
    case 'avg': {
      const total = seen.hasFloats ? floatSum(column, rows) : Number(exactSum(column, rows));
      const value = total / seen.count;
      const isDuration = seen.durations === seen.count;
      return {
        value: { type: 'float', value },
        shown: isDuration ? { type: 'duration', value: BigInt(Math.round(value)) } : { type: 'float', value },
      };
    }
  }
}

function same(value: Scalar | undefined): Aggregated {
  return { value, shown: value };
}

interface Survey {
  /** Numbers that are no NaN. */
  readonly count: number;
  readonly durations: number;
  readonly hasFloats: boolean;
}

function surveyOf({ kinds, floats }: NumberColumn, rows: Rows): Survey {
  let count = 0;
  let durations = 0;
  let hasFloats = false;
  for (const row of rows) {
    const kind = kinds[row];
    if (kind === NO_NUMBER || (kind === FLOAT_NUMBER && Number.isNaN(floats[row]))) continue;
    count++;
    if (kind === DURATION_NUMBER) durations++;
    else if (kind === FLOAT_NUMBER) hasFloats = true;
  }
  return { count, durations, hasFloats };
}

/** Both halves of the 64 bits are added as doubles: exact below two million rows, which no trace in memory has. */
function exactSum({ kinds, ints }: NumberColumn, rows: Rows): bigint {
  const words = new Int32Array(ints.buffer, ints.byteOffset, ints.length * 2);
  let low = 0;
  let high = 0;
  for (const row of rows) {
    if (kinds[row] === NO_NUMBER) continue;
    low += words[row * 2] >>> 0;
    high += words[row * 2 + 1];
  }
  return BigInt(high) * WORD + BigInt(low);
}

function floatSum({ kinds, ints, floats }: NumberColumn, rows: Rows): number {
  const total = new FloatSum();
  for (const row of rows) {
    const kind = kinds[row];
    if (kind === FLOAT_NUMBER) {
      if (!Number.isNaN(floats[row])) total.add(floats[row]);
    } else if (kind !== NO_NUMBER) total.add(Number(ints[row]));
  }
  return total.total();
}

function extreme(column: NumberColumn, rows: Rows, operator: '<' | '>'): Scalar | undefined {
  const { kinds, ints, floats } = column;
  const words = new Int32Array(ints.buffer, ints.byteOffset, ints.length * 2);
  let best = -1;
  for (const row of rows) {
    const kind = kinds[row];
    if (kind === NO_NUMBER || (kind === FLOAT_NUMBER && Number.isNaN(floats[row]))) continue;
    if (best < 0) best = row;
    else if (kind === FLOAT_NUMBER || kinds[best] === FLOAT_NUMBER) {
      const [value, other] = [numberAt(column, row), numberAt(column, best)];
      if (value !== undefined && other !== undefined && compareStatics(operator, value, other)) best = row;
    } else {
      const order = words[row * 2 + 1] - words[best * 2 + 1] || (words[row * 2] >>> 0) - (words[best * 2] >>> 0);
      if (operator === '<' ? order < 0 : order > 0) best = row;
    }
  }
  return best < 0 ? undefined : numberAt(column, best);
}

function numberAt({ kinds, ints, floats }: NumberColumn, row: number): Scalar | undefined {
  switch (kinds[row]) {
    case NO_NUMBER:
      return undefined;
    case FLOAT_NUMBER:
      return { type: 'float', value: floats[row] };
    default:
      return { type: kinds[row] === DURATION_NUMBER ? 'duration' : 'int', value: ints[row] };
  }
}
