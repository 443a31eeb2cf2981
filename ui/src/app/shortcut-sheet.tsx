import { type KeyboardEvent, useState, useSyncExternalStore } from 'react';
import { text } from '../text/catalogue.ts';
import { availableCommands, COMMAND_GROUPS, type Command, commandsVersion, watchCommands } from '../widgets/command.ts';
import { keysOf } from '../widgets/command-keys.ts';
import { Icon } from '../widgets/icon.tsx';
import { KeyCaps } from '../widgets/key-caps.tsx';
import { storeSettings } from '../widgets/stored-settings.ts';
import { useSettings } from '../widgets/use-settings.ts';
import { useModal } from './use-modal.ts';
import './shortcut-sheet.css';

/** The keys that work on this page, each of which can be another, and the switch that turns single ones off. */
export function ShortcutSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { dialog, events } = useModal(open, onClose);
  return (
    <dialog ref={dialog} className="sheet" {...events} aria-labelledby="shortcuts-title">
      <header className="sheet-head">
        <h2 id="shortcuts-title">{text.shell.shortcuts}</h2>
        <button type="button" className="button is-quiet is-icon" aria-label={text.shell.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {open && <ShortcutGroups />}
    </dialog>
  );
}

function ShortcutGroups() {
  useSyncExternalStore(watchCommands, commandsVersion);
  const { singleKeys, keys } = useSettings();
  const [changing, setChanging] = useState<string>();
  const [clash, setClash] = useState('');
  const listed = availableCommands().filter(
    (command) => command.label !== '' && ((command.keys ?? []).length > 0 || keys[command.id] !== undefined),
  );
  const choose = (command: Command, key: string | undefined): void => {
    setChanging(undefined);
    const taken =
      key === undefined ? undefined : listed.find((other) => other !== command && keysOf(other).includes(key));
    setClash(taken === undefined || key === undefined ? '' : text.shell.keyTaken(key, taken.label));
    if (key !== undefined && taken === undefined) storeSettings({ keys: { ...keys, [command.id]: key } });
  };
  return (
    <>
      <p className="sheet-hint">{text.shell.keyHint}</p>
      <div className="sheet-groups">
        {COMMAND_GROUPS.toReversed().map((group) => {
          const commands = listed.filter((command) => command.group === group);
          return commands.length === 0 ? null : (
            <section key={group}>
              <h3>{text.commands.groups[group]}</h3>
              <ul>
                {commands.map((command) => (
                  <li key={command.id} className="sheet-row">
                    <Keys
                      command={command}
                      changing={changing === command.id}
                      onChange={() => setChanging(command.id)}
                      onKey={(key) => choose(command, key)}
                    />
                    <span>{command.label}</span>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      <p className="sheet-clash" role="alert">
        {clash}
      </p>
      <div className="sheet-foot">
        <label className="sheet-option">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={(event) => storeSettings({ singleKeys: event.target.checked })}
          />
          <span>
            {text.shell.shortcutsSingle}
            <small>{text.shell.shortcutsSingleWhy}</small>
          </span>
        </label>
        {Object.keys(keys).length > 0 && (
          <button type="button" className="button" onClick={() => storeSettings({ keys: {} })}>
            {text.shell.keysReset}
          </button>
        )}
      </div>
    </>
  );
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Tab']);

/** The keys of one command; a button where another may be chosen, which is what is pressed next. */
function Keys(props: {
  readonly command: Command;
  readonly changing: boolean;
  readonly onChange: () => void;
  /** Undefined leaves it as it was, '' takes the key away. */
  readonly onKey: (key: string | undefined) => void;
}) {
  const { command, changing } = props;
  const caps = keysOf(command).map((key) => <KeyCaps key={key} keys={key} />);
  // Keys that the focused element handles itself, and Escape, stay what they are.
  if (command.run === undefined || command.keys?.includes('Escape') === true)
    return <span className="sheet-keys">{caps}</span>;
  const press = (event: KeyboardEvent): void => {
    if (!changing || event.ctrlKey || event.metaKey || event.altKey || MODIFIERS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') props.onKey(undefined);
    else props.onKey(event.key === 'Backspace' || event.key === 'Delete' ? '' : event.key);
  };
  return (
    <button
      type="button"
      className="sheet-keys is-button"
      title={text.shell.keyChange}
      aria-label={text.shell.keyChangeOf(command.label, keysOf(command).join(', '))}
      onClick={props.onChange}
      onKeyDown={press}
      onBlur={() => changing && props.onKey(undefined)}
    >
      {changing ? <em>{text.shell.keyPress}</em> : caps.length === 0 ? <em>{text.shell.keyNone}</em> : caps}
    </button>
  );
}
