import type { StorageStatus } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { describeNextDrop, describeStorage } from './describe-storage.ts';

/** What the store holds, what it will drop next, and what an operator should know. */
export function StorageLine({ storage }: { readonly storage: StorageStatus }) {
  const nextDrop = describeNextDrop(storage, Date.now());
  // The warnings say what will be dropped for the disk, and more exactly.
  const lines = storage.warnings.length > 0 || nextDrop === undefined ? storage.warnings : [nextDrop];
  return (
    <section className="storage-line" aria-label={text.setup.storage.label}>
      <p>{describeStorage(storage)}</p>
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
