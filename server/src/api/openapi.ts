/** The OpenAPI 3.1 document, made from the contract's route table. */
import { ROUTES, type Route } from '@clew/contract/routes';
import { z } from 'zod';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

function parametersOf(schema: z.ZodObject, where: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return Object.entries(properties).map(([name, { description, ...type }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: type,
  }));
}

function operationOf(name: string, route: Route): object {
  return {
    operationId: name,
    summary: route.summary,
    parameters: [...parametersOf(route.parameters, 'path'), ...parametersOf(route.query, 'query')],
    responses: {
      200: {
        description: `${route.answerType} (packages/contract/src/api-types.ts)`,
        content: Object.fromEntries(route.answers.map((mediaType) => [mediaType, {}])),
      },
      default: { description: 'Problem (RFC 9457) with a stable code', content: { 'application/problem+json': {} } },
    },
  };
}

export function buildOpenApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clew',
      version,
      description: 'Native API of Clew. The tenant is taken from X-Scope-OrgID (default: default).',
    },
    paths: Object.fromEntries(
      Object.entries(ROUTES).map(([name, route]) => [route.path, { get: operationOf(name, route) }]),
    ),
  };
}
