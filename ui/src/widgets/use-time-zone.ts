import { useSyncExternalStore } from 'react';
import { currentTimeZone, watchTimeZone } from '../text/time-zone.ts';

/** IANA name of the zone instants are shown in; a component that formats one itself calls this to be drawn anew. */
export function useTimeZone(): string {
  return useSyncExternalStore(watchTimeZone, currentTimeZone);
}
