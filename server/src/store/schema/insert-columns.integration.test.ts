/** Blocks of before schema step 8, as a journal may hold them, on their way through the client into the real engine. */
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import { OLDER_BLOCK, OLDER_SPANS } from './fixtures/older-block.ts';

let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store.close());

it('are stored with their events and links, once, and what comes afterwards as ever', async () => {
  for (let attempt = 0; attempt < 2; attempt++) {
    await store.insertBlocks('spans', [OLDER_BLOCK, OLDER_BLOCK], 'older');
  }
  const [{ body }] = generateRequestBodies({ seed: 7, bodies: 1, spansPerBody: 512, resources: 1 });
  await store.insertBody(body, 'today', Date.now());
  const { rows } = await store.client.selectJson(
    `SELECT tenant, count() AS spans, countIf(notEmpty(events)) > 10 AS haveEvents, countIf(notEmpty(links)) > 10 AS haveLinks,
       sum(length(events)) > countIf(notEmpty(events)) AS haveSeveral
     FROM spans GROUP BY tenant ORDER BY tenant`,
  );
  expect(rows).toEqual([
    { tenant: 'before', spans: String(2 * OLDER_SPANS), haveEvents: 1, haveLinks: 1, haveSeveral: 1 },
    expect.objectContaining({ tenant: 'today', spans: '512', haveEvents: 1 }),
  ]);
});
