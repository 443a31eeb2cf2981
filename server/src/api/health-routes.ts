import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';

export const HEALTH_PATHS = ['/healthz', '/readyz', '/metrics'] as const;

/** `/healthz`: the process answers. `/readyz`: it can take data. `/metrics`: Prometheus text format 0.0.4. */
export function addHealthRoutes(api: Hono, dependencies: ApiDependencies): void {
  api.get('/healthz', (context) => context.text('ok\n'));
  api.get('/readyz', async (context) => {
    const reason = await dependencies.notReadyBecause();
    return reason === undefined ? context.text('ready\n') : context.text(`not ready: ${reason}\n`, 503);
  });
  api.get('/metrics', async (context) =>
    context.body(await dependencies.metricsText(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
}
