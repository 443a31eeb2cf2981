import { parseTraceId } from '@clew/model';
import { type FormEvent, useState } from 'react';
import { text } from '../../text/catalogue.ts';

/** Trace ids typed or pasted. */
export function TraceIdForm(props: {
  readonly letters: readonly ('A' | 'B')[];
  readonly onChoose: (traceIds: readonly string[]) => void;
}) {
  const { choose } = text.compare;
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [isChecked, setChecked] = useState(false);
  const ids = props.letters.map((letter) => parseTraceId((typed[letter] ?? '').trim()));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    const whole = ids.filter((id) => id !== undefined);
    if (whole.length === ids.length) props.onChoose(whole);
  };
  return (
    <form className="compare-ids" onSubmit={submit}>
      {props.letters.map((letter, at) => {
        const isWrong = isChecked && ids[at] === undefined;
        return (
          <label key={letter}>
            {choose.traceId(letter)}
            <input
              className="field mono"
              value={typed[letter] ?? ''}
              placeholder={choose.traceIdHint}
              spellCheck={false}
              autoComplete="off"
              aria-invalid={isWrong}
              onChange={(event) => setTyped({ ...typed, [letter]: event.target.value })}
            />
            {isWrong && (
              <span className="compare-wrong" role="alert">
                {choose.badId}
              </span>
            )}
          </label>
        );
      })}
      <button type="submit" className="button">
        {choose.compare}
      </button>
    </form>
  );
}
