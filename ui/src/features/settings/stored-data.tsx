import { useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { IconButton } from '../../widgets/icon-button.tsx';
import { resetSettings } from '../../widgets/stored-settings.ts';
import { useSettings } from '../../widgets/use-settings.ts';
import { forgetStored, listStored } from './list-stored.ts';

const words = text.settings;

/** What this browser keeps, in full, and ways to be rid of it. */
export function StoredData() {
  useSettings();
  const [, setForgotten] = useState(0);
  const items = listStored();
  const forget = (names: readonly string[]): void => {
    for (const name of names) forgetStored(name);
    setForgotten((count) => count + 1);
  };
  return (
    <section aria-labelledby="settings-stored" className="stored">
      <h2 id="settings-stored">{words.stored}</h2>
      <p className="settings-why">{words.storedWhy}</p>
      {items.length === 0 ? (
        <p>{words.storedNone}</p>
      ) : (
        <ul className="stored-list">
          {items.map(({ name, value }) => (
            <li key={name}>
              <details>
                <summary>
                  <code>{name}</code>
                  <span>{formatBytes(value.length)}</span>
                </summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard. */}
                <pre tabIndex={0}>{readable(value)}</pre>
              </details>
              <IconButton icon="close" label={words.forget(name)} onClick={() => forget([name])} />
            </li>
          ))}
        </ul>
      )}
      <p className="stored-actions">
        <button type="button" className="button" onClick={resetSettings}>
          {words.reset}
        </button>
        <button
          type="button"
          className="button"
          disabled={items.length === 0}
          onClick={() => forget(items.map(({ name }) => name))}
        >
          {words.forgetAll}
        </button>
      </p>
    </section>
  );
}

function readable(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value; // Not everything that is kept is JSON.
  }
}
