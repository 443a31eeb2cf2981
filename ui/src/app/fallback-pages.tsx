import { Link, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { text } from '../text/catalogue.ts';
import { ProblemMessage } from '../widgets/problem-message.tsx';
import { useTitle } from '../widgets/use-title.ts';
import { reloadStalePage } from './stale-page.ts';

/** An address nothing answers to. */
export function NotFoundPage() {
  const { pathname } = useLocation();
  useTitle(text.shell.notFound);
  return (
    <div className="notice">
      <h1>{text.shell.notFound}</h1>
      <p>{text.shell.notFoundWhy(pathname)}</p>
      <Link to="/explore" className="button is-primary">
        {text.shell.toExplore}
      </Link>
    </div>
  );
}

/** A page that threw, or whose code a newer Clew has replaced. */
export function CrashedPage({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  useTitle(text.shell.crashed);
  useEffect(() => {
    reloadStalePage();
  }, []);
  return (
    <div className="notice">
      <ProblemMessage error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </div>
  );
}
