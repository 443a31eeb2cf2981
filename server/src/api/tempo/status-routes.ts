import type { Hono } from 'hono';
import { addQueryReadiness } from '../health-routes.ts';
import type { TempoDependencies } from './tempo-dependencies.ts';

/**
 * The version of Tempo whose API this is: Grafana turns features on by it. What we are stands in `revision`.
 */
export const TEMPO_API_VERSION = '2.9.0';

export function addStatusRoutes(api: Hono, { version, readiness }: TempoDependencies): void {
  api.get('/', (context) =>
    context.text(`This is the Tempo API of Clew ${version}, for Grafana's Tempo data source.\n`),
  );
  api.get('/api/echo', (context) => context.text('echo'));
  const buildInfo = {
    version: TEMPO_API_VERSION,
    revision: `clew-${version}`,
    branch: 'clew',
    buildDate: '',
    buildUser: '',
    goVersion: '',
  };
  // Where Grafana asks and where the early versions did.
  api.get('/api/status/buildinfo', (context) => context.json(buildInfo));
  api.get('/status/buildinfo', (context) => context.json(buildInfo));
  api.get('/status/version', (context) => context.text(`clew ${version} (Tempo API ${TEMPO_API_VERSION})\n`));
  addQueryReadiness(api, '/ready', readiness);
}
