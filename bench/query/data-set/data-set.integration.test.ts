import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStoreClient } from '../../../server/src/store/client.ts';
import { bundleEngine } from '../../../server/src/store/engine/bundle-engine.ts';
import { startEmbeddedEngine } from '../../../server/src/store/engine/embedded-engine.ts';
import { openDataSet } from './data-set.ts';

const dir = mkdtempSync(join(tmpdir(), 'clew-test-data-set-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const nobody = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function run(sql: string, parameters = {}): Promise<readonly Readonly<Record<string, string>>[]> {
  const engine = await startEmbeddedEngine({
    dataDir: join(dir, 'set', 'data'),
    enginePath: await bundleEngine(),
    memoryLimitBytes: 700 * 2 ** 20,
    logger: nobody,
  });
  const client = createStoreClient(engine.clientOptions);
  try {
    return (await client.selectJson<Readonly<Record<string, string>>>(sql, parameters)).rows;
  } finally {
    await client.close();
    await engine.stop();
  }
}

test('a data set is built once, is the same in both schemas, and is not taken when something is missing', async () => {
  const plan = { dir: join(dir, 'set'), spans: 2_000, seed: 7 };
  const enginePath = await bundleEngine();
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
  };
  const built = await openDataSet(plan, enginePath, say);
  expect(built.spans).toBeGreaterThan(3_900);
  expect(built.largeTraceIds).toHaveLength(1);
  const { traceId, spans } = built.sampleTraces[3];
  const [counted] = await run(
    `SELECT (SELECT toString(count()) FROM clew.spans WHERE trace_id = unhex({id:String})) AS clew,
      (SELECT toString(count()) FROM default.otel_traces WHERE TraceId = {id:String}) AS baseline,
      (SELECT toString(sum(spans)) FROM clew.span_minutes) AS minutes`,
    { id: traceId },
  );
  expect(counted).toEqual({ clew: String(spans), baseline: String(spans), minutes: String(built.spans) });

  said.length = 0;
  expect(await openDataSet(plan, enginePath, say)).toEqual(built);
  expect(said).toEqual([`data set: ${built.spans} spans in ${plan.dir}, built before; checking it`]);

  writeFileSync(join(plan.dir, 'manifest.json'), JSON.stringify({ ...built, checksum: '1' }));
  await expect(openDataSet(plan, enginePath, say)).rejects.toThrow('(expected 1)');
});

test('a folder with something else in it is left alone', async () => {
  writeFileSync(join(dir, 'letter.txt'), 'dear');
  await expect(openDataSet({ dir, spans: 2_000, seed: 7 }, await bundleEngine(), () => undefined)).rejects.toThrow(
    'holds something else than a data set',
  );
});
