/** Attributes of an element that shows an answer. */
export interface StaleProps {
  readonly className: string | undefined;
  readonly 'aria-busy': boolean;
}

/**
 * What an element says whose answer is that of a question before: framed while the next is awaited (`is-stale` in
 * base.css), and busy as long as it is fetched.
 * @param className what it is besides.
 */
export function staleProps(isStale: boolean, className = '', isFetching = true): StaleProps {
  const classes = isStale ? `${className} is-stale`.trimStart() : className;
  return { className: classes === '' ? undefined : classes, 'aria-busy': isStale && isFetching };
}
