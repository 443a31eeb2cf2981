import { describe, expect, it } from 'vitest';
import { buildSnippets, LANGUAGES } from './snippets.ts';

const ENDPOINTS = {
  otlpGrpc: 'http://127.0.0.1:4317',
  otlpHttp: 'http://127.0.0.1:4318',
  ui: 'http://127.0.0.1:8317',
  tempo: '',
};

describe('setup snippets', () => {
  it.each(LANGUAGES)('for %s carry the endpoint and no gap to fill', (language) => {
    const code = buildSnippets(language, ENDPOINTS)
      .map((snippet) => snippet.code)
      .join('\n');
    expect(code).toMatch(/127\.0\.0\.1(:|, port_value: |\n +port: )431[78]/);
    expect(code).not.toMatch(/undefined|<your|TODO/);
  });

  it('do not repeat the path when the endpoint carries it', () => {
    const [snippet] = buildSnippets('curl', { ...ENDPOINTS, otlpHttp: 'http://127.0.0.1:4318/v1/traces' });
    expect(snippet.code).toContain(' http://127.0.0.1:4318/v1/traces ');
  });
});
