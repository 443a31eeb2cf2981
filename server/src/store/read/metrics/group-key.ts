/** What by() splits by, as SQL: a value in a row of spans, of its resource, or of either. */
import { TYPE_BOOL, TYPE_DOUBLE, TYPE_INT, TYPE_STRING, UNKNOWN_SERVICE } from '@clew/model';
import type { FieldReference } from '@clew/traceql';
import { AttributeMaps } from '../../sql/attribute-maps.ts';
import type { AttributeOwner, AttributeTypes } from '../../sql/attribute-types.ts';
import { intrinsicBranch, type SpanIntrinsic } from '../../sql/intrinsic-branches.ts';
import type { SqlParameters } from '../../sql/sql-parameters.ts';
import type { ValueBranch } from '../../sql/value-branch.ts';

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

/** Fields of by() that one statement over spans can read; undefined for the others. */
export function tryGroupKey(
  field: FieldReference,
  parameters: SqlParameters,
  types: AttributeTypes | undefined,
): GroupKey | undefined {
  if (field.kind === 'intrinsic') return tryIntrinsicKey(field.intrinsic);
  if (field.ofParent === true) return undefined;
  const tagged = (owner: AttributeOwner): string => taggedAttribute(field.key, owner, parameters, types);
  switch (field.scope) {
    case 'span':
      return { inSpan: tagged('span'), label: (span) => span };
    case 'resource':
      return field.key === 'service.name'
        ? serviceKey(tagged('resource'))
        : { inResource: tagged('resource'), label: (_, resource) => resource };
    case 'any': {
      // A span's own attribute hides the resource's, whatever its type.
      const inSpan = tagged('span');
      const inResource = tagged('resource');
      if (inSpan === NIL) return { inResource, label: (_, resource) => resource };
      return { inSpan, inResource, label: (span, resource) => `if(${span} != '', ${span}, ${resource})` };
    }
    default:
      return undefined;
  }
}

const NIL = "''";
const UNKNOWN = `'${UNKNOWN_SERVICE}'`;

/** The column of services says "unknown_service" for resources without a name too: only those are asked. */
function serviceKey(inResource: string): GroupKey {
  return {
    inSpan: 'service',
    inResource,
    resourceWhen: `service = ${UNKNOWN}`,
    label: (span, resource) => `if(${span} != ${UNKNOWN}, concat('s', toString(${span})), ${resource})`,
  };
}

const SPAN_INTRINSICS: Readonly<Partial<Record<string, string>>> = {
  name: 's',
  statusMessage: 's',
  'trace:id': 's',
  'span:id': 's',
  status: 'S',
  kind: 'K',
  duration: 'D',
};

function tryIntrinsicKey(intrinsic: string): GroupKey | undefined {
  if (intrinsic === 'span:parentID') {
    const { when = 'true', value } = intrinsicBranch(intrinsic);
    return { inSpan: `if(${when}, concat('s', ${value}), '')`, label: (span) => span };
  }
  const tag = SPAN_INTRINSICS[intrinsic];
  if (tag === undefined) return undefined;
  const { value } = intrinsicBranch(intrinsic as SpanIntrinsic);
  return { inSpan: value, label: (span) => `concat('${tag}', toString(${span}))` };
}

const TYPED: ReadonlySet<number> = new Set([TYPE_STRING, TYPE_BOOL, TYPE_INT, TYPE_DOUBLE]);

function mayBeOther(stored: ReadonlySet<number> | undefined): boolean {
  return stored === undefined || [...stored].some((type) => !TYPED.has(type));
}

function taggedAttribute(
  key: string,
  owner: AttributeOwner,
  parameters: SqlParameters,
  types: AttributeTypes | undefined,
): string {
  const maps = new AttributeMaps(key, parameters, owner, types);
  const cases = maps.branches().map((branch) => `${branch.when ?? 'true'}, ${taggedValue(branch)}`);
  if (mayBeOther(types?.of(owner, key))) {
    const name = parameters.string(key);
    cases.push(`mapContains(attributes_other, ${name}), concat('o', hex(attributes_other[${name}]))`);
  }
  return cases.length === 0 ? NIL : `multiIf(${cases.join(', ')}, '')`;
}

function taggedValue({ label, value }: ValueBranch): string {
  switch (label) {
    case 'int':
      return `concat('i', toString(${value}))`;
    // Adding zero makes one of the two zeros.
    case 'double':
      return `concat('d', toString(${value} + 0.))`;
    case 'bool':
      return `concat('b', toString(toUInt8(${value})))`;
    default:
      return `concat('s', ${value})`;
  }
}
