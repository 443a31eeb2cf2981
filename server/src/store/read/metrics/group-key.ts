/** What by() splits by, as SQL: a value in a row of spans, of its resource, or of either. */
import { UNKNOWN_SERVICE } from '@clew/model';
import type { FieldReference } from '@clew/traceql';
import { AttributeMaps } from '../../sql/attribute-maps.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { tryFieldValue } from '../../sql/field-value.ts';
import { COLUMN_TYPES, type ColumnType, type TypedValue } from '../../sql/typed-value.ts';

/**
 * Values are tagged texts: one letter for the type, then the value; the empty text for nil. Grouping by one text is
 * cheaper than by a tuple, and int 1, double 1 and "1" stay apart.
 */
export interface GroupKey {
  /** In a row of spans: cheap to group by, of any type. Absent: the resource alone has the value. */
  readonly inSpan?: string;
  /** In a row of resources, tagged. Absent: the resource is not asked. */
  readonly inResource?: string;
  /** When the resource must be asked, a condition on a row of spans. Absent: always. */
  readonly resourceWhen?: string;
  /** Tagged value from the two: `span` and `resource` are the names they were given. */
  label(span: string, resource: string): string;
}

/** Undefined for fields that depend on other spans of the trace. */
export function tryGroupKey(field: FieldReference, context: CompileContext): GroupKey | undefined {
  if (field.kind === 'intrinsic') {
    const column = PLAIN_COLUMNS[field.intrinsic];
    if (column !== undefined)
      return { inSpan: column[0], label: (span) => `concat('${column[1]}', toString(${span}))` };
  }
  if (field.kind === 'attribute' && field.ofParent !== true && (field.scope === 'resource' || field.scope === 'any')) {
    return inheritedKey(field.scope, field.key, context);
  }
  const value = tryFieldValue(field, context);
  return value && { inSpan: taggedValue(value), label: (span) => span };
}

/** Intrinsics that every span has in a column: the column itself is grouped by, and tagged afterwards. */
const PLAIN_COLUMNS: Readonly<Partial<Record<string, readonly [column: string, tag: string]>>> = {
  name: ['name', 's'],
  statusMessage: ['status_message', 's'],
  status: ['status', 'S'],
  kind: ['kind', 'K'],
  duration: ['duration', 'D'],
};

const NIL = "''";
const UNKNOWN = `'${UNKNOWN_SERVICE}'`;

/** Values of resources are looked up for each group, not for each span. */
function inheritedKey(from: 'resource' | 'any', key: string, { scope, types }: CompileContext): GroupKey {
  const tagged = (owner: 'span' | 'resource'): string =>
    taggedValue(new AttributeMaps(key, scope.parameters, owner, types).value);
  const inResource = tagged('resource');
  const inSpan = from === 'any' ? tagged('span') : NIL;
  // A span's own attribute hides the resource's, whatever its type.
  if (inSpan !== NIL)
    return { inSpan, inResource, label: (span, resource) => `if(${span} != '', ${span}, ${resource})` };
  if (key !== 'service.name') return { inResource, label: (_, resource) => resource };
  return {
    inSpan: 'service',
    inResource,
    // The column says "unknown_service" for resources without a name too: only those are asked.
    resourceWhen: `service = ${UNKNOWN}`,
    label: (span, resource) => `if(${span} != ${UNKNOWN}, concat('s', toString(${span})), ${resource})`,
  };
}

/** The value where one is wanted, tagged. */
export function taggedValue(value: TypedValue): string {
  const columns = value.single ?? value.columns;
  const cases = COLUMN_TYPES.flatMap((type) => {
    const column = columns[type];
    return column === undefined ? [] : [`isNotNull(${column}), ${tagged(type, column, value.isDuration === true)}`];
  });
  if (value.other !== undefined) {
    cases.push(`isNotNull(${value.other}), concat('o', hex(assumeNotNull(${value.other})))`);
  }
  return cases.length === 0 ? NIL : `multiIf(${cases.join(', ')}, '')`;
}

function tagged(type: ColumnType, column: string, isDuration: boolean): string {
  const present = `assumeNotNull(${column})`;
  switch (type) {
    case 'string':
      return `concat('s', ${present})`;
    case 'int':
      return `concat('${isDuration ? 'D' : 'i'}', toString(${present}))`;
    // Adding zero makes one of the two zeros.
    case 'double':
      return `concat('d', toString(${present} + 0.))`;
    case 'bool':
      return `concat('b', toString(toUInt8(${present})))`;
    case 'status':
      return `concat('S', toString(${present}))`;
    case 'kind':
      return `concat('K', toString(${present}))`;
  }
}
