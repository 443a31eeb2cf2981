import { type StoredSettings, storeSettings } from '../../widgets/stored-settings.ts';
import { useMedia } from '../../widgets/use-media.ts';
import { useSettings } from '../../widgets/use-settings.ts';
import type { DockPlace } from './trace-search.ts';

export interface DockState {
  readonly place: DockPlace;
  /** The side it has or will have when it is shown again. */
  readonly side: 'right' | 'bottom';
  /** Whether there is room on the right at all. */
  readonly canBeRight: boolean;
  /** Pixels. */
  readonly size: number;
  readonly onSize: (size: number) => void;
  readonly onPlace: (place: DockPlace) => void;
}

/** Where the details stand: the address says, else what was chosen last, else what the window has room for. */
export function useDock(asked: DockPlace | undefined, write: (place: DockPlace | undefined) => void): DockState {
  const settings = useSettings();
  const wide = useMedia('(min-width: 1280px)');
  const canBeRight = useMedia('(min-width: 900px)');
  const side = sideOf(asked, settings, wide, canBeRight);
  return {
    place: asked === 'off' ? 'off' : side,
    side,
    canBeRight,
    size: side === 'right' ? settings.dockWidth : settings.dockHeight,
    onSize: (size) => storeSettings(side === 'right' ? { dockWidth: size } : { dockHeight: size }),
    onPlace: (place) => {
      if (place !== 'off') storeSettings({ dockSide: place });
      write(place);
    },
  };
}

function sideOf(
  asked: DockPlace | undefined,
  settings: StoredSettings,
  wide: boolean,
  canBeRight: boolean,
): 'right' | 'bottom' {
  if (!canBeRight) return 'bottom';
  if (asked === 'right' || asked === 'bottom') return asked;
  if (settings.dockSide !== 'auto') return settings.dockSide;
  return wide ? 'right' : 'bottom';
}
