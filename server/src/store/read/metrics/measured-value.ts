/** The number of a span that a metrics function is about, as SQL. */
import type { FieldReference } from '@clew/traceql';
import { AttributeMaps } from '../../sql/attribute-maps.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import type { SqlParameters } from '../../sql/sql-parameters.ts';
import { anyOf, type ValueBranch } from '../../sql/value-branch.ts';

export interface MeasuredValue {
  /** Condition on a row of spans: it has such a number. Absent: always. */
  readonly when?: string;
  /** Int64 nanoseconds for durations, else Float64. */
  readonly value: string;
  /** Durations are answered in seconds. */
  readonly isDuration: boolean;
}

/** Undefined for fields that one statement over spans cannot read. */
export function tryMeasuredValue(
  field: FieldReference,
  parameters: SqlParameters,
  types: AttributeTypes | undefined,
): MeasuredValue | undefined {
  if (field.kind === 'intrinsic') {
    return field.intrinsic === 'duration' ? { value: 'duration', isDuration: true } : undefined;
  }
  if (field.ofParent === true || field.scope !== 'span') return undefined;
  const numbers = new AttributeMaps(field.key, parameters, 'span', types)
    .branches()
    .filter(({ type }) => type === 'number');
  // NaN is passed over like a value that is not there.
  const isNumber = ({ when = 'true', label, value }: ValueBranch): string =>
    label === 'double' ? `(${when} AND NOT isNaN(${value}))` : when;
  const cases = numbers.map(({ when = 'true', value }) => `${when}, toFloat64(${value})`);
  return {
    when: anyOf(numbers.map(isNumber)),
    value: cases.length === 0 ? '0.' : `multiIf(${cases.join(', ')}, 0.)`,
    isDuration: false,
  };
}
