import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../client/status-query.ts';
import { text } from '../../text/catalogue.ts';
import { availableCommands } from '../../widgets/command.ts';
import { type StoredSettings, storeSettings } from '../../widgets/stored-settings.ts';
import { useSettings } from '../../widgets/use-settings.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { StoredData } from './stored-data.tsx';
import { TimeZoneField } from './time-zone-field.tsx';
import './settings.css';

const words = text.settings;
const THEMES = ['system', 'light', 'dark'] as const;
const DENSITIES = ['compact', 'default', 'comfortable'] as const;

/** What belongs to the person and the screen; every change holds at once. */
export function SettingsPage() {
  useTitle(words.page);
  const settings = useSettings();
  const status = useQuery(statusQuery);
  return (
    <div className="settings">
      <h1>{words.page}</h1>
      <p className="settings-lead">{words.lead}</p>
      <section aria-labelledby="settings-look">
        <h2 id="settings-look">{words.look}</h2>
        <Choice<StoredSettings['theme']>
          legend={words.theme}
          options={THEMES}
          names={words.themes}
          chosen={settings.theme}
          onChoose={(theme) => storeSettings({ theme })}
        />
        <Choice<StoredSettings['density']>
          legend={words.density}
          options={DENSITIES}
          names={words.densities}
          chosen={settings.density}
          onChoose={(density) => storeSettings({ density })}
        />
      </section>
      <section aria-labelledby="time-zone">
        <h2 id="time-zone">{words.time}</h2>
        <TimeZoneField />
      </section>
      <section aria-labelledby="settings-keys">
        <h2 id="settings-keys">{words.keys}</h2>
        <label className="settings-check">
          <input
            type="checkbox"
            checked={settings.singleKeys}
            onChange={(event) => storeSettings({ singleKeys: event.target.checked })}
          />
          <span>
            {text.shell.shortcutsSingle}
            <small>{text.shell.shortcutsSingleWhy}</small>
          </span>
        </label>
        <p className="settings-keys">
          <button type="button" className="button" onClick={openSheet}>
            {words.changeKeys}
          </button>
          {Object.keys(settings.keys).length > 0 && <span>{words.changedKeys(Object.keys(settings.keys).length)}</span>}
        </p>
      </section>
      <StoredData />
      {status.data !== undefined && (
        <p className="settings-version">
          {words.version} <code>{status.data.version}</code>
        </p>
      )}
    </div>
  );
}

function openSheet(): void {
  availableCommands()
    .find(({ id }) => id === 'sheet')
    ?.run?.();
}

function Choice<Key extends string>(props: {
  readonly legend: string;
  readonly options: readonly Key[];
  readonly names: Readonly<Record<Key, string>>;
  readonly chosen: Key;
  readonly onChoose: (key: Key) => void;
}) {
  return (
    <fieldset className="settings-choice">
      <legend>{props.legend}</legend>
      {props.options.map((option) => (
        <label key={option}>
          <input
            type="radio"
            name={props.legend}
            checked={props.chosen === option}
            onChange={() => props.onChoose(option)}
          />
          {props.names[option]}
        </label>
      ))}
    </fieldset>
  );
}
