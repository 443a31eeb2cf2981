import { expect, it } from 'vitest';
import type { ReadEngine } from './read-engine.ts';
import { refusingReads } from './refusing-reads.ts';

it('asks the engine again as soon as there is no reason not to', async () => {
  let asked = 0;
  const engine: ReadEngine = {
    async selectJson() {
      asked++;
      return { rows: [], summary: {} };
    },
    selectNative: () => Promise.reject(new Error('asked')),
  };
  let reason: string | undefined = 'half of it is rewritten';
  const refusing = refusingReads(engine, () => reason);
  await expect(refusing.selectJson('', {}, {})).rejects.toThrow(
    'Nothing can be read now: half of it is rewritten. Spans are taken.',
  );
  await expect(refusing.selectNative('', {}, {})).rejects.toThrow(
    'Nothing can be read now: half of it is rewritten. Spans are taken.',
  );
  expect(asked).toBe(0);
  reason = undefined;
  expect((await refusing.selectJson('', {}, {})).rows).toEqual([]);
  await expect(refusing.selectNative('', {}, {})).rejects.toThrow('asked');
  expect(asked).toBe(1);
});
