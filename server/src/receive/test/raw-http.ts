import { connect, type Socket } from 'node:net';

/** A TCP connection that says exactly what the test wants said. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came back so far. */
  text(): string;
  /** Resolves once `text()` holds this. */
  sees(part: string): Promise<void>;
  /** Resolves when the other side has closed. */
  closed: Promise<void>;
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let received = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  // A reset is one of the ways a server closes.
  socket.on('error', () => {});
  return {
    socket,
    closed,
    text: () => received,
    sees: (part) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!received.includes(part)) return;
          socket.off('data', check);
          resolve();
        };
        socket.on('data', check);
        socket.once('close', () => {
          check();
          reject(new Error(`closed before ${part}; came: ${received}`));
        });
        check();
      }),
  };
}
