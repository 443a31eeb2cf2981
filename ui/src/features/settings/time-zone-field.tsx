import { type FormEvent, useId, useMemo, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { browserTimeZone, isTimeZone, knownTimeZones } from '../../text/time-zone.ts';
import { storeSettings } from '../../widgets/stored-settings.ts';
import { Time } from '../../widgets/time.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { useSettings } from '../../widgets/use-settings.ts';

const words = text.settings;

/** Which zone all times are in: the browser's, UTC, or any that the browser knows. */
export function TimeZoneField() {
  const { timeZone } = useSettings();
  const [other, setOther] = useState(timeZone === 'browser' || timeZone === 'UTC' ? '' : timeZone);
  const [asked, setAsked] = useState(other !== '');
  const now = useNow(1000);
  const id = useId();
  const choice = asked ? 'other' : timeZone === 'UTC' ? 'utc' : 'browser';
  const choose = (zone: string): void => {
    setAsked(false);
    storeSettings({ timeZone: zone });
  };
  return (
    <>
      <fieldset className="settings-choice">
        <legend>{words.zone}</legend>
        <Radio name={id} checked={choice === 'browser'} onChoose={() => choose('browser')}>
          {words.browserZone(browserTimeZone())}
        </Radio>
        <Radio name={id} checked={choice === 'utc'} onChoose={() => choose('UTC')}>
          {words.utc}
        </Radio>
        <Radio
          name={id}
          checked={choice === 'other'}
          onChoose={() => {
            setAsked(true);
            if (isTimeZone(other)) storeSettings({ timeZone: other });
          }}
        >
          {words.otherZone}
        </Radio>
      </fieldset>
      {choice === 'other' && <ZoneName value={other} onValue={setOther} />}
      <p className="settings-now">
        {words.now} <Time unixMs={Math.floor(now / 1000) * 1000} zone />
      </p>
      <p className="settings-why">{words.zoneWhy}</p>
    </>
  );
}

function ZoneName({ value, onValue }: { readonly value: string; readonly onValue: (value: string) => void }) {
  const id = useId();
  const names = useMemo(knownTimeZones, []);
  const wrong = value !== '' && !isTimeZone(value);
  const change = (event: FormEvent<HTMLInputElement>): void => {
    const typed = event.currentTarget.value.trim();
    onValue(typed);
    if (isTimeZone(typed)) storeSettings({ timeZone: typed });
  };
  return (
    <p className="settings-zone">
      <label htmlFor={id}>{words.zoneName}</label>
      <input
        id={id}
        className="field"
        list={`${id}-zones`}
        value={value}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onInput={change}
      />
      <datalist id={`${id}-zones`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {wrong && (
        <span id={`${id}-wrong`} className="settings-wrong">
          {words.zoneUnknown(value)}
        </span>
      )}
    </p>
  );
}

function Radio(props: {
  readonly name: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly children: string;
}) {
  return (
    <label>
      <input type="radio" name={props.name} checked={props.checked} onChange={props.onChoose} />
      {props.children}
    </label>
  );
}
