import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';

/** Nothing from elsewhere, no inline script: what the built UI needs and no more. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** The built UI: hashed files are cached for good, the page itself never; every other path is a page of the UI. */
export function addUiRoutes(api: Hono, { uiDir }: ApiDependencies): void {
  if (uiDir === undefined || !existsSync(join(uiDir, 'index.html'))) {
    api.get('/', (context) => context.text('Clew runs, but its UI is not built. Build it: npm run build\n', 200));
    return;
  }
  const dir = uiDir;
  api.use(
    '/assets/*',
    serveStatic({
      root: dir,
      precompressed: true,
      onFound: (_path, context) => context.header('cache-control', 'public, max-age=31536000, immutable'),
    }),
  );
  api.get('/favicon.svg', serveStatic({ root: dir }));
  api.get('*', async (context) => {
    if (context.req.path.startsWith('/assets/')) return context.text('not found\n', 404);
    return context.html(await readFile(join(dir, 'index.html'), 'utf8'), 200, {
      'cache-control': 'no-cache',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
  });
}
