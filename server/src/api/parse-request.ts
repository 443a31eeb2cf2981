/** Checks a request against the contract's table. */
import type { Route } from '@clew/contract/routes';
import type { z } from 'zod';
import { ApiError } from './problem.ts';

export type Parsed<R extends Route> = z.output<R['parameters']> & z.output<R['query']>;

/** The route's path as the router spells it: `/traces/{traceId}` → `/traces/:traceId`. */
export function pathPattern(route: Route): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1');
}

/**
 * The route's path parameters and query parameters, checked and converted.
 * @throws ApiError REQUEST_PARAMETER_INVALID naming the parameter, its value and what is allowed.
 */
export function parseRequest<R extends Route>(
  route: R,
  parameters: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): Parsed<R> {
  return { ...check(route.parameters, parameters, 'path'), ...check(route.query, query, 'query') } as Parsed<R>;
}

function check(schema: z.ZodObject, given: Readonly<Record<string, string>>, where: string): object {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue.path.join('.');
  const value = given[name];
  const shown = value === undefined ? 'missing' : `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  const { description } = (schema.shape[name] as z.ZodType | undefined) ?? {};
  throw new ApiError(
    400,
    'REQUEST_PARAMETER_INVALID',
    `${where} parameter ${name}: ${shown} is not valid. ${description ?? `${issue.message}.`}`,
  );
}
