import { DeskClient } from './desk-client.ts';

interface StoredDesk {
  readonly traceId: string;
  readonly client: DeskClient;
  readonly opened: Promise<DeskClient>;
}

let current: StoredDesk | undefined;

/**
 * A stored trace with everything it carries, in a worker: fetched when it is first asked for, kept until another is or
 * until it is released. Rejects with a DeskError; asking again then tries again.
 */
export function openStoredDesk(traceId: string): Promise<DeskClient> {
  if (current?.traceId === traceId) return current.opened;
  current?.client.close();
  const client = new DeskClient();
  const desk: StoredDesk = {
    traceId,
    client,
    opened: client.call('openStored', traceId).then(
      () => client,
      (error: unknown) => {
        if (current === desk) releaseStoredDesk(traceId);
        throw error;
      },
    ),
  };
  current = desk;
  return desk.opened;
}

/** Lets go of the spans of a trace whose page is left. */
export function releaseStoredDesk(traceId: string): void {
  if (current?.traceId !== traceId) return;
  current.client.close();
  current = undefined;
}
