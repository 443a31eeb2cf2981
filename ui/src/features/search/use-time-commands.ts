import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { PRESETS, rangeToNow, shiftRange, zoomOutRange } from './time-range.ts';

/** The time range by keys: `t` and a digit for the presets, `t` and a letter for moves. */
export function useTimeCommands(range: TimeRange, onRange: (range: TimeRange) => void, openPanel: () => void): void {
  const words = text.controls.time;
  const isNow = range.to === 'now';
  useCommands([
    ...PRESETS.slice(0, 9).map((preset, at) => ({
      id: `explore.time.${preset}`,
      group: 'explore' as const,
      label: words.preset(text.explore.time.last[preset]),
      keys: [`t ${at + 1}`],
      run: () => onRange({ from: preset, to: 'now' }),
    })),
    {
      id: 'explore.time.earlier',
      group: 'explore',
      label: words.halfBack,
      keys: ['t b'],
      run: () => onRange(shiftRange(range, -1, Date.now())),
    },
    ...(isNow
      ? []
      : [
          {
            id: 'explore.time.later',
            group: 'explore' as const,
            label: words.halfForward,
            keys: ['t f'],
            run: () => onRange(shiftRange(range, 1, Date.now())),
          },
          {
            id: 'explore.time.now',
            group: 'explore' as const,
            label: words.now,
            keys: ['t n'],
            run: () => onRange(rangeToNow(range, Date.now())),
          },
        ]),
    {
      id: 'explore.time.out',
      group: 'explore',
      label: words.zoomOut,
      keys: ['t z'],
      run: () => onRange(zoomOutRange(range, Date.now())),
    },
    {
      id: 'explore.time.custom',
      group: 'explore',
      label: words.custom,
      keys: ['T'],
      run: openPanel,
    },
  ]);
}
