import { expect } from '@playwright/test';

/** Waits until a search finds the trace: spans are visible about a second after they are acknowledged. */
export async function expectStored(ui: string, query: string, traceId: string): Promise<void> {
  await expect(async () => {
    const answer = await fetch(`${ui}/api/v1/search?q=${encodeURIComponent(query)}`);
    expect(await answer.text()).toContain(traceId);
  }).toPass();
}
