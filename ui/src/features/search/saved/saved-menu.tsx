import { type FormEvent, useState } from 'react';
import { text } from '../../../text/catalogue.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { IconButton } from '../../../widgets/icon-button.tsx';
import { PopoverButton } from '../../../widgets/popover-button.tsx';
import { withoutSaved, withSaved } from './saved-queries.ts';
import { changeSaved, useSavedQueries } from './use-saved-queries.ts';
import './saved-menu.css';

/** Saved and recent queries beside the query. */
export function SavedMenu(props: { readonly query: string; readonly onQuery: (query: string) => void }) {
  const { query } = props;
  const { saved, recent } = useSavedQueries();
  const [name, setName] = useState('');
  const words = text.controls.saved;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    changeSaved((now) => withSaved(now, { name, query }));
    setName('');
  };
  return (
    <PopoverButton
      className="button"
      panelClass="saved-panel"
      label={words.label}
      caption={
        <>
          <Icon name="clock" />
          <span className="saved-caption">{words.caption}</span>
          <Icon name="chevronDown" />
        </>
      }
    >
      {(close) => {
        const choose = (chosen: string): void => {
          close();
          props.onQuery(chosen);
        };
        return (
          <>
            <form className="saved-form" onSubmit={save}>
              <input
                className="field"
                aria-label={words.name}
                placeholder={words.placeholder}
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <button type="submit" className="button is-primary" disabled={name.trim() === ''}>
                {words.save}
              </button>
            </form>
            <h3>{words.saved}</h3>
            {saved.length === 0 && <p className="is-muted">{words.none}</p>}
            <ul className="saved-list">
              {saved.map((one) => (
                <li key={one.name}>
                  <button type="button" className="saved-query" onClick={() => choose(one.query)}>
                    <strong>{one.name}</strong>
                    <code>{one.query === '' ? words.everything : one.query}</code>
                  </button>
                  <IconButton
                    icon="close"
                    label={words.forget(one.name)}
                    onClick={() => changeSaved((now) => withoutSaved(now, one.name))}
                  />
                </li>
              ))}
            </ul>
            {recent.length > 0 && (
              <>
                <h3>
                  {words.recent}
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => changeSaved((now) => ({ ...now, recent: [] }))}
                  >
                    {words.clearRecent}
                  </button>
                </h3>
                <ul className="saved-list">
                  {recent.map((one) => (
                    <li key={one}>
                      <button type="button" className="saved-query" onClick={() => choose(one)}>
                        <code>{one}</code>
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
            <p className="saved-note">{words.here}</p>
          </>
        );
      }}
    </PopoverButton>
  );
}
