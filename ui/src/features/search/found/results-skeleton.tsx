import './results-skeleton.css';

const ROWS = 8;

/** Where the rows will be. */
export function ResultsSkeleton() {
  return (
    <ol className="results-skeleton" aria-hidden="true">
      {Array.from({ length: ROWS }, (_, at) => (
        <li key={at}>
          <i />
          <i />
          <i />
        </li>
      ))}
    </ol>
  );
}
