import { useRef } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { useTimeZone } from '../../widgets/use-time-zone.ts';
import { AbsoluteRange } from './time-absolute.tsx';
import { PRESETS, rangeLabel, rangeToNow, shiftRange, zoomOutRange } from './time-range.ts';
import { useTimeCommands } from './use-time-commands.ts';
import './time-range-picker.css';

/** Which traces by time: up to now or between two instants; half a range earlier or later; longer; back to now. */
export function TimeRangePicker({
  range,
  onRange,
}: {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}) {
  useTimeZone();
  const host = useRef<HTMLDivElement>(null);
  const now = useNow(30_000);
  const label = rangeLabel(range, now);
  const words = text.controls.time;
  const isNow = range.to === 'now';
  const earlier = (): void => onRange(shiftRange(range, -1, Date.now()));
  const later = (): void => onRange(shiftRange(range, 1, Date.now()));
  const zoomOut = (): void => onRange(zoomOutRange(range, Date.now()));
  const backToNow = (): void => onRange(rangeToNow(range, Date.now()));
  useTimeCommands(range, onRange, () => host.current?.querySelector<HTMLElement>('[popovertarget]')?.click());
  return (
    <div ref={host} className="time-range">
      <IconButton isLarge icon="chevronLeft" label={words.halfBack} onClick={earlier} />
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
              {PRESETS.map((preset, at) => (
                <li key={preset}>
                  <button
                    type="button"
                    className="button is-quiet"
                    aria-pressed={range.from === preset && isNow}
                    onClick={() => {
                      onRange({ from: preset, to: 'now' });
                      close();
                    }}
                  >
                    {text.explore.time.last[preset]}
                    <span className="time-key" aria-hidden="true">
                      <kbd>t</kbd> <kbd>{at + 1}</kbd>
                    </span>
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
      <IconButton isLarge icon="chevronRight" label={words.halfForward} disabled={isNow} onClick={later} />
      <IconButton isLarge icon="minus" label={words.zoomOut} onClick={zoomOut} />
      {!isNow && (
        <button type="button" className="button" onClick={backToNow}>
          {words.now}
        </button>
      )}
    </div>
  );
}
