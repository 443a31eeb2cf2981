/** What the main port says to requests that are not quite right. */
import { get } from 'node:http';
import { MAX_QUERY_LENGTH } from '@clew/contract/routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';

let clew: ClewProcess;
beforeAll(async () => {
  clew = await startClew();
});
afterAll(stopAll);

describe('the main port', () => {
  it.each([
    ['PUT', '/api/v1/search'],
    ['DELETE', '/api/v1/traces/ab'],
    ['POST', '/api/v1/services'],
    ['OPTIONS', '/api/v1/status'],
    ['POST', '/readyz'],
    ['POST', '/readyz/queries'],
    ['DELETE', '/metrics'],
  ])('answers %s %s with the methods there are', async (method, path) => {
    const response = await fetch(`${clew.urls.ui}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
  });

  it('reads a query as long as the contract allows, in any script', async () => {
    const condition = '{ name = "€" }';
    const query = condition.replace('€', '€'.repeat(MAX_QUERY_LENGTH - condition.length));
    const response = await fetch(`${clew.urls.ui}/api/v1/search?q=${encodeURIComponent(query)}`);
    expect(response.status, await response.text()).toBe(200);
  });

  it('answers to addresses and localhost, and to no other name', async () => {
    const { port } = new URL(clew.urls.ui);
    const ask = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/api/v1/status', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        }).on('error', reject);
      });
    expect(await ask(`localhost:${port}`)).toBe(200);
    expect(await ask(`rebound.example:${port}`)).toBe(403);
  });

  it('says how long a query may be', async () => {
    const query = `{ name = "${'x'.repeat(MAX_QUERY_LENGTH)}" }`;
    const response = await fetch(`${clew.urls.ui}/api/v1/search?q=${encodeURIComponent(query)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`${MAX_QUERY_LENGTH}`);
  });
});
