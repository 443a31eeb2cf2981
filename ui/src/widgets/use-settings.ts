import { useSyncExternalStore } from 'react';
import { readSettings, type StoredSettings, watchSettings } from './stored-settings.ts';

/** Every setting, kept up to date. Change them with storeSettings. */
export function useSettings(): StoredSettings {
  return useSyncExternalStore(watchSettings, readSettings);
}
