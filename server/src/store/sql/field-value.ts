import { UNKNOWN_SERVICE } from '@clew/model';
import type { Field } from '@clew/traceql';
import { AttributeMaps } from './attribute-maps.ts';
import type { CompileContext } from './compile-context.ts';
import { intrinsicBranch } from './intrinsic-branches.ts';
import { INSTRUMENTATION, RESOURCE, referredValue } from './lookups.ts';
import { isOccurrenceIntrinsic, occurrenceAttribute, occurrenceIntrinsic } from './occurrence-values.ts';
import { isTraceIntrinsic, traceFactValue } from './trace-facts.ts';
import { isTreeIntrinsic } from './tree-intrinsics.ts';
import { columnsOf, eitherValue, type TypedValue } from './typed-value.ts';

/** The value of a field in a row of `spans`; undefined for what depends on other spans of the trace. */
export function tryFieldValue(field: Field, context: CompileContext): TypedValue | undefined {
  return field.kind === 'intrinsic' ? tryIntrinsicValue(field, context) : tryAttributeValue(field, context);
}

function tryIntrinsicValue(
  { intrinsic }: Field & { kind: 'intrinsic' },
  context: CompileContext,
): TypedValue | undefined {
  if (isTreeIntrinsic(intrinsic)) return undefined;
  if (isTraceIntrinsic(intrinsic)) return traceFactValue(intrinsic, context);
  if (isOccurrenceIntrinsic(intrinsic)) return occurrenceIntrinsic(intrinsic);
  if (intrinsic === 'instrumentation:name' || intrinsic === 'instrumentation:version') {
    return referredValue(INSTRUMENTATION, context.scope, instrumentationText(intrinsic));
  }
  const branch = intrinsicBranch(intrinsic);
  return {
    columns: columnsOf([branch]),
    exists: branch.when ?? 'true',
    ...(intrinsic === 'duration' && { isDuration: true }),
  };
}

/** In a row of `scopes`. */
export function instrumentationText(intrinsic: 'instrumentation:name' | 'instrumentation:version'): TypedValue {
  const column = intrinsic === 'instrumentation:name' ? 'name' : 'version';
  return { columns: { string: `CAST(${column}, 'String')` }, exists: 'true' };
}

function tryAttributeValue(field: Field & { kind: 'attribute' }, context: CompileContext): TypedValue | undefined {
  if (field.ofParent === true) return undefined;
  const { scope, types } = context;
  switch (field.scope) {
    case 'event':
    case 'link':
      return occurrenceAttribute(field, field.scope, context);
    case 'span':
      return new AttributeMaps(field.key, scope.parameters, 'span', types).value;
    case 'resource':
      return resourceValue(field.key, context);
    case 'instrumentation': {
      const value = new AttributeMaps(field.key, scope.parameters, 'instrumentation', types).value;
      return referredValue(INSTRUMENTATION, scope, value);
    }
    case 'any': {
      const own = new AttributeMaps(field.key, scope.parameters, 'span', types).value;
      return eitherValue(own.exists, own, resourceValue(field.key, context));
    }
  }
}

function resourceValue(key: string, { scope, types }: CompileContext): TypedValue {
  const { value } = new AttributeMaps(key, scope.parameters, 'resource', types);
  if (key !== 'service.name') return referredValue(RESOURCE, scope, value);
  // The column says the name, but "unknown_service" where there is none, or where it is no text: only these are asked.
  const unknown = `service = '${UNKNOWN_SERVICE}'`;
  const named: TypedValue = { columns: { string: "CAST(service, 'String')" }, exists: 'true' };
  return eitherValue(unknown, referredValue(RESOURCE, scope, value, [unknown]), named);
}
