import type {
  AttributesAnswer,
  AttributeValuesAnswer,
  OperationsAnswer,
  QualityAnswer,
  ServicesAnswer,
} from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { parseField, parseFilter } from '../query/parse-filter.ts';
import { parseTimeRange } from '../query/time-range.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

/** By OTLP AnyValue field number. */
const TYPE_NAMES = ['other', 'string', 'bool', 'int', 'double', 'other', 'other', 'other'] as const;

/** What exists: services, operations, attribute keys and values, for pickers and completion; and what is odd about it. */
export function addCatalogueRoutes(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs, metrics } = dependencies;

  api.get(pathPattern(ROUTES.services), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.services, {}, context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const answer: ServicesAnswer = { services: await store.services(tenant, range, readOptions(context.req.raw)) };
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.operations), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.operations, context.req.param(), context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const answer: OperationsAnswer = {
      operations: await store.operations(tenant, asked.service, range, readOptions(context.req.raw)),
    };
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.attributes), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.attributes, {}, context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const keys = await store.attributeKeys(tenant, range, asked.contains, asked.limit, readOptions(context.req.raw));
    const answer: AttributesAnswer = {
      attributes: keys.map(({ scope, key, types }) => ({
        scope,
        key,
        types: [...new Set(types.map((type) => TYPE_NAMES[type] ?? 'other'))],
      })),
    };
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.attributeValues), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.attributeValues, context.req.param(), context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const { value, statistics } = await store.attributeValues(
      tenant,
      parseField(asked.name),
      parseFilter(asked.q),
      range,
      asked.prefix,
      asked.limit,
      readOptions(context.req.raw),
    );
    metrics.queryRead('attributeValues', statistics.rowsRead, statistics.bytesRead);
    const answer: AttributeValuesAnswer = { values: value, statistics };
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.quality), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.quality, {}, context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const { value, statistics } = await store.dataQuality(tenant, range, readOptions(context.req.raw));
    metrics.queryRead('quality', statistics.rowsRead, statistics.bytesRead);
    const answer: QualityAnswer = { ...value, statistics };
    return context.json(answer);
  });

  function readOptions(request: Request): { signal: AbortSignal; timeoutMs: number } {
    return { signal: request.signal, timeoutMs: queryTimeoutMs };
  }
}
