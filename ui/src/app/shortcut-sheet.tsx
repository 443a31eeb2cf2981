import { useEffect, useRef, useState } from 'react';
import { text } from '../text/catalogue.ts';
import { Icon } from '../widgets/icon.tsx';
import { readSettings, storeSettings } from '../widgets/stored-settings.ts';

const GROUPS = ['anywhere', 'explore', 'trace'] as const;

/** All shortcuts, and the switch that turns single letters off. */
export function ShortcutSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [single, setSingle] = useState(() => readSettings().singleKeys);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="sheet" onClose={onClose} aria-labelledby="shortcuts-title">
      <header className="sheet-head">
        <h2 id="shortcuts-title">{text.shell.shortcuts}</h2>
        <button type="button" className="button is-quiet is-icon" aria-label={text.shell.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="sheet-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{text.shell.groups[group]}</h3>
            <dl>
              {text.shell.keys[group].map(([keys, action]) => (
                <div key={action} className="sheet-row">
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{action}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="sheet-option">
        <input
          type="checkbox"
          checked={single}
          onChange={(event) => setSingle(storeSettings({ singleKeys: event.target.checked }).singleKeys)}
        />
        <span>
          {text.shell.shortcutsSingle}
          <small>{text.shell.shortcutsSingleWhy}</small>
        </span>
      </label>
    </dialog>
  );
}
