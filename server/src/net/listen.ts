import type { Server } from 'node:net';
import type { StageLogger } from '../telemetry/stage-logger.ts';

/** Resolves once the server listens; rejects with the system's error when the port cannot be had. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A connection that cannot be accepted (no file descriptor left) must not end the program. */
export function keepListening(server: Server, name: string, logger: StageLogger | undefined): void {
  server.on('error', (error) => logger?.error({ err: error }, `${name}: a connection could not be accepted`));
}
