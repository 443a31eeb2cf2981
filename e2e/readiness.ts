const TIMEOUT_MS = 30_000;

/** Status and text of `/readyz`, which is about taking spans, or of what lies below it: `/queries`. */
export async function readiness(ui: string, of: '' | '/queries' = ''): Promise<string> {
  const answer = await fetch(`${ui}/readyz${of}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return `${answer.status} ${await answer.text()}`;
}
