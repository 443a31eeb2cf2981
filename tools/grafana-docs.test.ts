/** The data source that docs/operating/grafana.md tells people to copy is YAML and names the port Clew has. */
import { readFileSync } from 'node:fs';
import { MAX_READ_TENANTS } from '@clew/server/config/read-tenant';
import { SETTINGS } from '@clew/server/config/settings';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const text = readFileSync(new URL('../docs/operating/grafana.md', import.meta.url), 'utf8');

it('names the default port and streams', () => {
  const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(parse(block)).toMatchObject({
    apiVersion: 1,
    datasources: [
      {
        type: 'tempo',
        access: 'proxy',
        url: `http://localhost:${SETTINGS.tempo.port.defaultValue}`,
        jsonData: { streamingEnabled: { search: true, metrics: true } },
      },
    ],
  });
});

it('names the limit of tenants', () => {
  expect(text).toContain(`At most ${MAX_READ_TENANTS} tenants are read at once`);
});
