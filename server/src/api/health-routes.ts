import type { Hono } from 'hono';
import type { ApiDependencies, Readiness } from './dependencies.ts';

export const HEALTH_PATHS = ['/healthz', '/readyz', '/readyz/queries', '/metrics'] as const;

/**
 * `/healthz`: the process answers. `/readyz`: it takes spans. `/readyz/queries`: it answers queries. `/metrics`: Prometheus
 * text format 0.0.4.
 */
export function addHealthRoutes(api: Hono, dependencies: ApiDependencies): void {
  const { readiness } = dependencies;
  api.get('/healthz', (context) => context.text('ok\n'));
  api.get('/readyz', async (context) => {
    const refusal = await readiness.takesNoSpansBecause();
    if (refusal !== undefined) return context.text(`not ready: ${refusal}\n`, 503);
    const trouble = await readiness.storesNoSpansBecause();
    // Were it not ready, nobody would be sent to the journal that bridges this.
    return context.text(
      trouble === undefined ? 'ready\n' : `ready: spans are taken and wait in the journal: ${trouble}\n`,
    );
  });
  addQueryReadiness(api, '/readyz/queries', readiness);
  api.get('/metrics', async (context) =>
    context.body(await dependencies.metricsText(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
}

/** 503 with the reason while queries fail. */
export function addQueryReadiness(api: Hono, path: string, { answersNoQueriesBecause }: Readiness): void {
  api.get(path, async (context) => {
    const trouble = await answersNoQueriesBecause();
    return trouble === undefined ? context.text('ready\n') : context.text(`not ready: ${trouble}\n`, 503);
  });
}
