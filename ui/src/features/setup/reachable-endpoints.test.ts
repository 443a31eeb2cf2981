import { describe, expect, it } from 'vitest';
import { isLoopback, reachableEndpoints } from './reachable-endpoints.ts';

const endpoints = (host: string) => ({
  otlpHttp: `http://${host}:4318`,
  otlpGrpc: `http://${host}:4317`,
  ui: `http://${host}:8317`,
  tempo: '',
});

describe('the endpoints of snippets', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', 'http://127.0.0.1:4318'],
    ['127.0.0.1', 'localhost', 'http://127.0.0.1:4318'],
    ['127.0.0.1', 'clew.example', 'http://clew.example:4318'],
    ['0.0.0.0', '10.1.2.3', 'http://10.1.2.3:4318'],
    ['[::]', 'localhost', 'http://localhost:4318'],
    ['traces.example', 'clew.example', 'http://traces.example:4318'],
  ])('of %s, read at %s, are %s', (bound, page, http) => {
    expect(reachableEndpoints(endpoints(bound), page)).toEqual({ http, grpc: http.replace('4318', '4317') });
  });

  it('leave out the path that a setting may carry', () => {
    const { http } = reachableEndpoints({ ...endpoints('a.example'), otlpHttp: 'https://a.example/v1/traces' }, 'b');
    expect(http).toBe('https://a.example');
    expect([isLoopback('http://127.0.0.1:4318'), isLoopback(http)]).toEqual([true, false]);
  });
});
