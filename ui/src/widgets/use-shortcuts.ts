import { useEffect, useRef } from 'react';
import { singleKeysEnabled } from './stored-settings.ts';

/** Keys as `KeyboardEvent.key` says them, `g e` for a sequence, to what they do. One that returns false lets the key pass. */
export type Shortcuts = Readonly<Record<string, () => unknown>>;

const SEQUENCE_MS = 900;

/**
 * Binds single keys while the component is mounted: never inside a field, with a modifier, or when turned off
 * (WCAG 2.1.4). Escape always works.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let prefix = '';
    let prefixAt = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key !== 'Escape' && (inField(event.composedPath()[0] ?? null) || !singleKeysEnabled())) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const sequence = prefix !== '' && event.timeStamp - prefixAt < SEQUENCE_MS ? `${prefix} ${event.key}` : '';
      const bound = Object.hasOwn(latest.current, sequence) ? sequence : event.key;
      prefix = event.key === 'g' ? 'g' : '';
      prefixAt = event.timeStamp;
      if (!Object.hasOwn(latest.current, bound)) return;
      if (latest.current[bound]() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

/** The target as it is inside of a shadow root, where the query editor lives. */
function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
