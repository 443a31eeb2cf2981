import type { FieldExpression } from '@clew/traceql';
import {
  AttributeTypes,
  type AttributeTypesRow,
  attributeKeysOf,
  attributeTypesStatement,
} from '../sql/attribute-types.ts';
import type { StatementRunner } from './statement-runner.ts';

/** With which types the attributes of these expressions are stored; no statement where they have none. */
export async function loadAttributeTypes(
  runner: StatementRunner,
  tenant: string,
  ...expressions: readonly FieldExpression[]
): Promise<AttributeTypes> {
  const keys = [...new Set(expressions.flatMap(attributeKeysOf))];
  if (keys.length === 0) return new AttributeTypes([]);
  return new AttributeTypes(await runner.rows<AttributeTypesRow>(attributeTypesStatement(tenant, keys)));
}
