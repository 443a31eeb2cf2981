/** Two reloads within this time did not help: then the reader is told instead. */
const RELOAD_AGAIN_AFTER_MS = 10_000;
const KEY = 'clew:stale-reload';

let stale = false;

/** Notices that a file of this page is gone from the server: a newer Clew has replaced it. */
export function watchStalePage(): void {
  addEventListener('vite:preloadError', () => {
    stale = true;
  });
}

/** Reloads a page whose files are gone, once; false when that is not why it failed, or did not help. */
export function reloadStalePage(): boolean {
  if (!stale) return false;
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < RELOAD_AGAIN_AFTER_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Without storage nothing would stop it from reloading for ever.
    return false;
  }
  location.reload();
  return true;
}
