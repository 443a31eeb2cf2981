import { ProblemError } from '../client/problem-error.ts';
import { text } from '../text/catalogue.ts';
import { Icon } from './icon.tsx';

/** What failed and a way to try again. */
export function ProblemMessage({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const problem = error instanceof ProblemError ? error : undefined;
  return (
    <div className="problem" role="alert">
      <Icon name="error" />
      {/* The server says it, in English. */}
      <div className="problem-text" lang="en">
        <strong>{problem?.title ?? text.shell.crashed}</strong>
        <p>{error.message}</p>
        {problem !== undefined && <code className="problem-code">{problem.code}</code>}
      </div>
      {onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          {text.shell.retry}
        </button>
      )}
    </div>
  );
}
