import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import './app/tokens.css';
import './app/base.css';
import './app/shell.css';
import './app/forced-colors.css';
import './app/paper.css';
import { applySettings } from './app/apply-settings.ts';
import { buildRouter } from './app/router.tsx';
import { watchStalePage } from './app/stale-page.ts';
import { ProblemError } from './client/problem-error.ts';

applySettings();
watchStalePage();

/** Refusals do not get better by asking again; a lost connection may. */
function retry(failures: number, error: Error): boolean {
  return failures < 1 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500);
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry, retryDelay: 500, refetchOnWindowFocus: false, staleTime: 10_000 } },
});
const router = buildRouter(queries);

const host = document.getElementById('root');
if (host === null) throw new Error('index.html: no element with id "root". Rebuild the interface.');
const root = createRoot(host);
// Reading the program was one task. Drawing begins in another, and as a transition lets others in between.
setTimeout(() =>
  startTransition(() =>
    root.render(
      <StrictMode>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </StrictMode>,
    ),
  ),
);
