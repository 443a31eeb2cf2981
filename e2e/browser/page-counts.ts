/**
 * Counts what a page does until its first rows stand and after: a script for `addInitScript`, as text, since tests are
 * compiled without the types of a browser. Counts say the same on every machine; times do not.
 */
export interface PageCounts {
  /** Times React has changed the page. */
  readonly commits: number;
  /** Times a row of the waterfall was painted anew: each gets its label then. */
  readonly painted: number;
  /** When the first rows stood. */
  readonly first: {
    readonly commits: number;
    readonly elements: number;
    readonly legendItems: number;
    /** Addresses that had been asked for, in order. */
    readonly requests: readonly string[];
  };
}

export const COUNT_PAGE = `(() => {
  const counts = { commits: 0, painted: 0, first: undefined };
  globalThis.__counts = counts;
  const nothing = () => undefined;
  // React tells its developer tools of every commit, in production as well.
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    checkDCE: nothing,
    onCommitFiberRoot: () => { counts.commits++; },
    onCommitFiberUnmount: nothing,
    onPostCommitFiberRoot: nothing,
  };
  const isRow = ({ type, target }) => type === 'attributes' && target.getAttribute('role') === 'row';
  new MutationObserver((records) => {
    counts.painted += records.filter(isRow).length;
    if (counts.first !== undefined || document.querySelector('[role=row]:not([hidden])') === null) return;
    const requests = performance.getEntriesByType('resource').toSorted((a, b) => a.startTime - b.startTime);
    counts.first = {
      commits: counts.commits,
      elements: document.querySelectorAll('*').length,
      legendItems: document.querySelectorAll('.legend-item').length,
      requests: requests.map(({ name }) => new URL(name).pathname),
    };
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] });
})()`;
