import { parseTraceId } from '@clew/model';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { statusQuery } from '../client/status-query.ts';
import { parseCompareSearch } from '../features/compare/compare-search.ts';
import { parseHealthSearch } from '../features/health/health-search.ts';
import { parseExploreSearch } from '../features/search/explore-search.ts';
import { parseServiceSearch } from '../features/services/service-search.ts';
import { parseServicesSearch } from '../features/services/services-search.ts';
import { traceQuery } from '../features/trace/trace-query.ts';
import { parseTraceSearch } from '../features/trace/trace-search.ts';
import { CrashedPage, NotFoundPage } from './fallback-pages.tsx';
import { loadFonts } from './load-fonts.ts';
import { formatSearchParams, parseSearchParams } from './search-params.ts';
import { Shell } from './shell.tsx';

interface RouterContext {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    // Without an answer Explore is the better place: it can say what is wrong.
    const status = await context.queries.ensureQueryData(statusQuery).catch(() => undefined);
    throw redirect({ to: status?.hasSpans === false ? '/setup' : '/explore', replace: true });
  },
});

const explore = createRoute({
  getParentRoute: () => root,
  path: '/explore',
  validateSearch: parseExploreSearch,
  component: lazyRouteComponent(() => import('../features/search/explore-page.tsx'), 'ExplorePage'),
});

const trace = createRoute({
  getParentRoute: () => root,
  path: '/trace/$traceId',
  validateSearch: parseTraceSearch,
  // Begun beside the page's code, not after it; a failure is the page's to show.
  loader: ({ context, params }) => {
    loadFonts();
    const traceId = parseTraceId(params.traceId);
    if (traceId !== undefined) void context.queries.prefetchQuery(traceQuery(traceId));
  },
  component: lazyRouteComponent(() => import('../features/trace/trace-page.tsx'), 'TracePage'),
});

/** Links of other tools carry the span in the path. */
const traceAndSpan = createRoute({
  getParentRoute: () => root,
  path: '/trace/$traceId/$spanId',
  beforeLoad: ({ params }) => {
    throw redirect({
      to: '/trace/$traceId',
      params: { traceId: params.traceId },
      search: parseTraceSearch({ span: params.spanId }),
      replace: true,
    });
  },
});

const services = createRoute({
  getParentRoute: () => root,
  path: '/services',
  validateSearch: parseServicesSearch,
  component: lazyRouteComponent(() => import('../features/services/services-page.tsx'), 'ServicesPage'),
});

const service = createRoute({
  getParentRoute: () => root,
  path: '/services/$name',
  validateSearch: parseServiceSearch,
  component: lazyRouteComponent(() => import('../features/services/service-page.tsx'), 'ServicePage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: parseCompareSearch,
  component: lazyRouteComponent(() => import('../features/compare/compare-page.tsx'), 'ComparePage'),
});

const importFile = createRoute({
  getParentRoute: () => root,
  path: '/import',
  component: lazyRouteComponent(() => import('../features/import/import-page.tsx'), 'ImportPage'),
});

const importedTrace = createRoute({
  getParentRoute: () => root,
  path: '/import/$traceId',
  validateSearch: parseTraceSearch,
  component: lazyRouteComponent(() => import('../features/import/imported-trace-page.tsx'), 'ImportedTracePage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/setup/setup-page.tsx'), 'SetupPage'),
});

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  validateSearch: parseHealthSearch,
  component: lazyRouteComponent(() => import('../features/health/health-page.tsx'), 'HealthPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});

export function buildRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      home,
      explore,
      trace,
      traceAndSpan,
      compare,
      services,
      service,
      importFile,
      importedTrace,
      setup,
      health,
      settings,
    ]),
    context: { queries },
    parseSearch: parseSearchParams,
    stringifySearch: formatSearchParams,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashedPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof buildRouter>;
  }
}
