import type { IncomingHttpHeaders } from 'node:http';
import type { ApiDependencies } from '../dependencies.ts';

/** What the Tempo API needs of the program, over HTTP and gRPC alike. */
export type TempoDependencies = Pick<
  ApiDependencies,
  'store' | 'version' | 'tenantOf' | 'readiness' | 'queryTimeoutMs' | 'corsAllowedOrigins' | 'metrics' | 'logger'
>;

export const ORG_ID_HEADER = 'x-scope-orgid';

/** gRPC metadata in the form that `tenantOf` reads. */
export function orgIdHeaders(headers: IncomingHttpHeaders): Headers {
  const value = headers[ORG_ID_HEADER];
  if (value === undefined) return new Headers();
  return new Headers({ [ORG_ID_HEADER]: Array.isArray(value) ? value.join(', ') : value });
}
