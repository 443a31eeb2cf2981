import { type FieldReference, printExpression } from '@clew/traceql';

/** The label of a field of by(): as TraceQL prints it. */
export function labelName(field: FieldReference): string {
  return printExpression(field);
}
