/** Outside src/: it needs a shell, and the interface itself is compiled without Node's types. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildSnippets } from '../src/features/setup/snippets.ts';

const ENDPOINTS = {
  otlpGrpc: 'http://127.0.0.1:4317',
  otlpHttp: 'http://127.0.0.1:4318',
  ui: 'http://127.0.0.1:8317',
  tempo: '',
};

describe('setup snippets', () => {
  it('for curl make a valid OTLP request in a plain shell', () => {
    const before = Math.floor(Date.now() / 1000);
    const [snippet] = buildSnippets('curl', ENDPOINTS);
    const body = execFileSync('sh', ['-c', snippet.code.replace(/curl [^\n]*--data-binary @- <<EOF/, 'cat <<EOF')]);
    const [resource] = JSON.parse(body.toString()).resourceSpans;
    const [span] = resource.scopeSpans[0].spans;
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)).toBe(1_000_000_000n);
    expect(Number(BigInt(span.endTimeUnixNano) / 1_000_000_000n)).toBeGreaterThanOrEqual(before);
  });
});
