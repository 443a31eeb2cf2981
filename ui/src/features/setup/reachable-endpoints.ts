import type { StatusAnswer } from '@clew/contract';
import type { SnippetEndpoints } from './snippet.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const ANY = /^(0\.0\.0\.0|\[::\])$/;

/**
 * The endpoints as somebody reaches them who reads this page from `pageHost`: an address that only means "this machine"
 * there becomes the name the page was opened by. `path` is left out.
 */
export function reachableEndpoints(endpoints: StatusAnswer['endpoints'], pageHost: string): SnippetEndpoints {
  const reach = (endpoint: string): string => {
    const url = new URL(endpoint);
    const isElsewhere = LOOPBACK.test(url.hostname) && !LOOPBACK.test(pageHost);
    if (isElsewhere || ANY.test(url.hostname)) url.hostname = pageHost;
    return url.origin;
  };
  return { http: reach(endpoints.otlpHttp), grpc: reach(endpoints.otlpGrpc) };
}

/** Whether an endpoint can be reached from this machine only. */
export function isLoopback(endpoint: string): boolean {
  return LOOPBACK.test(new URL(endpoint).hostname);
}
