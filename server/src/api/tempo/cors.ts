import type { Hono } from 'hono';

const ALLOWED_HEADERS = 'Accept, Authorization, Content-Type, X-Scope-OrgID, X-Grafana-Org-Id';
const MAX_AGE_SECONDS = '7200';

/** Lets pages of these origins read answers from a browser, as Grafana's data sources once did; other pages get nothing. */
export function addCors(api: Hono, allowedOrigins: readonly string[]): void {
  if (allowedOrigins.length === 0) return;
  api.use('*', async (context, next) => {
    const origin = context.req.header('origin');
    const isAllowed = origin !== undefined && allowedOrigins.some((allowed) => matches(allowed, origin));
    const isPreflight =
      context.req.method === 'OPTIONS' && context.req.header('access-control-request-method') !== undefined;
    if (isPreflight) context.res = new Response(null, { status: 204 });
    else await next();
    context.res.headers.append('vary', 'Origin');
    if (!isAllowed) return;
    context.res.headers.set('access-control-allow-origin', origin);
    if (isPreflight) {
      context.res.headers.set('access-control-allow-methods', 'GET, HEAD');
      context.res.headers.set('access-control-allow-headers', ALLOWED_HEADERS);
      context.res.headers.set('access-control-max-age', MAX_AGE_SECONDS);
    }
  });
}

/** `*` stands for any run of characters. */
function matches(allowed: string, origin: string): boolean {
  const parts = allowed.toLowerCase().split('*');
  const pattern = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`).test(origin.toLowerCase());
}
