/**
 * Search parameters as plain text, `?q={ status = error }&from=now-1h`: nothing is read as JSON, so that a query that
 * looks like JSON stays a query and links can be written by hand.
 */
export function parseSearchParams(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The reverse; empty and absent values are left out. */
export function formatSearchParams(values: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const formatted = search.toString();
  return formatted === '' ? '' : `?${formatted}`;
}
