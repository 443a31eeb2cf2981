import { type FormEvent, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { localInputValue, parseLocalInput, zoneLabel } from '../../text/format-time.ts';
import { Icon } from '../../widgets/icon.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { absoluteRange, PRESETS, rangeLabel, resolveRange, shiftRange } from './time-range.ts';

/** Which traces by time: a range up to now, or between two instants; arrows move it by its own length. */
export function TimeRangePicker({
  range,
  onRange,
}: {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}) {
  const now = useNow(30_000);
  const label = rangeLabel(range, now);
  return (
    <div className="time-range">
      <button
        type="button"
        className="button is-icon"
        aria-label={text.explore.time.back}
        title={text.explore.time.back}
        onClick={() => onRange(shiftRange(range, -1, Date.now()))}
      >
        <Icon name="chevronLeft" />
      </button>
      <PopoverButton
        className="button"
        panelClass="time-panel"
        label={`${text.explore.time.label}: ${label}`}
        caption={
          <>
            <Icon name="clock" />
            <span className="time-label">{label}</span>
            <Icon name="chevronDown" />
          </>
        }
      >
        {(close) => (
          <>
            <ul className="time-presets" aria-label={text.explore.time.presets}>
              {PRESETS.map((preset) => (
                <li key={preset}>
                  <button
                    type="button"
                    className="button is-quiet"
                    aria-pressed={range.from === preset && range.to === 'now'}
                    onClick={() => {
                      onRange({ from: preset, to: 'now' });
                      close();
                    }}
                  >
                    {text.explore.time.last[preset]}
                  </button>
                </li>
              ))}
            </ul>
            <AbsoluteRange
              key={`${range.from} ${range.to}`}
              range={range}
              onRange={(next) => {
                onRange(next);
                close();
              }}
            />
          </>
        )}
      </PopoverButton>
      <button
        type="button"
        className="button is-icon"
        aria-label={text.explore.time.forward}
        title={text.explore.time.forward}
        disabled={range.to === 'now'}
        onClick={() => onRange(shiftRange(range, 1, Date.now()))}
      >
        <Icon name="chevronRight" />
      </button>
    </div>
  );
}

function AbsoluteRange({
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
