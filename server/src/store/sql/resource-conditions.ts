import { UNKNOWN_SERVICE } from '@clew/model';
import { AttributeMaps } from './attribute-maps.ts';
import type { AttributeTypes } from './attribute-types.ts';
import type { TenantScope } from './tenant-scope.ts';
import { allOf, anyOf, type Literal, type ValueBranch } from './value-branch.ts';

/** A condition on a row of `resources` as a condition on a row of `spans`. */
export function resourceCondition(scope: TenantScope, condition: string): string {
  if (condition === 'false') return 'false';
  return `resource_id IN (SELECT id ${scope.from('resources', [condition])})`;
}

/**
 * A condition on the text of `resource.service.name`, answered by the `service` column, the first of the sort key
 * after the tenant. That column says "unknown_service" for a resource without (or with an empty) name too, so these
 * rows, and only these, are looked up.
 * @param compare the condition for a place where the text may be.
 */
export function serviceNameCondition(
  scope: TenantScope,
  compare: (branch: ValueBranch) => string,
  literal: Literal,
  types: AttributeTypes | undefined,
): string {
  const inColumn = compare({
    type: 'string',
    label: 'string',
    when: `service != '${UNKNOWN_SERVICE}'`,
    value: 'service',
    equals: ({ constant, sql }) => (constant === UNKNOWN_SERVICE || constant === '' ? 'false' : `service = ${sql}`),
  });
  const isPlainName = inColumn === `service = ${literal.sql}`;
  if (isPlainName) return inColumn;
  const text = new AttributeMaps('service.name', scope.parameters, 'resource', types)
    .branches()
    .filter((branch) => branch.type === 'string');
  const inResource = resourceCondition(scope, anyOf(text.map(compare)));
  if (inResource === 'false') return inColumn;
  return anyOf([inColumn, allOf(`service = '${UNKNOWN_SERVICE}'`, inResource)]);
}
