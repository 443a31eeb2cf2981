/** A disk with less room than it must keep: senders wait, everything says why, and nothing else stops. */

import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, expect, it } from 'vitest';
import { startClew, stopAll } from './clew-process.ts';
import { waitUntil } from './wait-until.ts';

afterAll(stopAll);

const REASON = /the disk has .* free \(limit 1\.1 PB, store\.minFreeDiskBytes\), and only the spans of today are left/;

it('senders are told to wait while the disk is full, and are let in when there is room', async () => {
  const body = encodeOtlpProtobuf(generateRealisticTraces({ seed: 1, traces: 3 }));
  const send = (otlpHttp: string) =>
    fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body });

  const full = await startClew({ flags: ['--store-min-free-disk-bytes', '1000TiB'] });
  await waitUntil(
    async () => (await fetch(`${full.urls.ui}/readyz`)).status === 503,
    'the program sees that the disk is full',
  );
  const refused = await send(full.urls.otlpHttp);
  expect([refused.status, Number(refused.headers.get('retry-after')) >= 30]).toEqual([503, true]);
  expect(await (await fetch(`${full.urls.ui}/readyz`)).text()).toMatch(REASON);
  const status = await (await fetch(`${full.urls.ui}/api/v1/status`)).text();
  expect(status).toContain('senders are asked to wait');
  expect(await (await fetch(`${full.urls.ui}/metrics`)).text()).toMatch(/^clew_store_full 1$/m);
  const said = () => full.log.filter(({ msg }) => msg.includes('senders are asked to wait')).length;
  await waitUntil(() => said() > 0, 'the log says so');
  expect(said()).toBe(1);
  await full.kill('SIGTERM');

  const roomy = await startClew({ dataDir: full.dataDir, flags: ['--store-min-free-disk-bytes', '0'] });
  expect((await send(roomy.urls.otlpHttp)).status).toBe(200);
});
