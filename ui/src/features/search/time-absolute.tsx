import { type FormEvent, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { localInputValue, parseLocalInput, zoneLabel } from '../../text/format-time.ts';
import { absoluteRange, resolveRange } from './time-range.ts';

/** A range between two instants, written in the zone of the settings. */
export function AbsoluteRange({
  range,
  onRange,
}: {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}) {
  const [initial] = useState(() => resolveRange(range, Date.now()));
  const [from, setFrom] = useState(() => localInputValue(initial.fromMs));
  const [to, setTo] = useState(() => localInputValue(initial.toMs));
  const fromMs = parseLocalInput(from) ?? Number.NaN;
  const toMs = parseLocalInput(to) ?? Number.NaN;
  const valid = toMs > fromMs;
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (valid) onRange(absoluteRange(fromMs, toMs));
  };
  return (
    <form className="time-absolute" onSubmit={apply}>
      <label>
        {text.explore.time.from}
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        {text.explore.time.to}
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </label>
      <p className="time-note">{valid ? text.explore.time.zone(zoneLabel()) : text.explore.time.invalid}</p>
      <button type="submit" className="button is-primary" disabled={!valid}>
        {text.explore.time.apply}
      </button>
    </form>
  );
}
