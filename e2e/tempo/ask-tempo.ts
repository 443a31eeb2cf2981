/** Questions to the Tempo API over HTTP, their answers decoded as strictly as Grafana decodes them. */
import { checkStrictJson } from '@clew/testkit/tempo/tempo-protobuf';
import { expect } from 'vitest';

export type Json = Record<string, unknown>;
export type Query = Readonly<Record<string, string | number>>;

export interface TempoAsker {
  ask(path: string, query?: Query, headers?: Record<string, string>): Promise<Response>;
  /** The answer, strictly decoded as a message of that type. */
  read(type: string, path: string, query?: Query, headers?: Record<string, string>): Promise<Json>;
}

/** @param base address of the API */
export function tempoAsker(base: () => string): TempoAsker {
  const ask: TempoAsker['ask'] = (path, query = {}, headers = {}) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return fetch(`${base()}${path}${parameters.size === 0 ? '' : `?${parameters}`}`, { headers });
  };
  return {
    ask,
    async read(type, path, query, headers) {
      const response = await ask(path, query, headers);
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      const json = JSON.parse(text) as Json;
      expect(() => checkStrictJson(type, json)).not.toThrow();
      return json;
    },
  };
}
