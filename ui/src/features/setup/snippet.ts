/** One thing to copy: a command or a file. */
export interface Snippet {
  readonly step: 'install' | 'code' | 'run' | 'apply';
  /** File name, where it is a file. */
  readonly file?: string;
  readonly code: string;
}

/** Where spans are sent, without a path. */
export interface SnippetEndpoints {
  /** `http://host:port` */
  readonly http: string;
  readonly grpc: string;
}

/** Host and port of an endpoint, apart. */
export function hostAndPort(endpoint: string): { readonly host: string; readonly port: string } {
  const { hostname, port, protocol } = new URL(endpoint);
  return { host: hostname, port: port !== '' ? port : protocol === 'https:' ? '443' : '80' };
}

/** What every SDK that reads the environment needs. */
export function environment(http: string, more: readonly string[] = []): string {
  return ['OTEL_SERVICE_NAME=my-service', `OTEL_EXPORTER_OTLP_ENDPOINT=${http}`, ...more]
    .map((setting) => `${setting} \\\n`)
    .join('');
}
