import { useEffect, useRef } from 'react';
import { type Command, registerCommands } from './command.ts';

/**
 * Offers commands while the component is mounted: their keys work, the palette finds them and the `?` sheet lists them,
 * so that the three never say different things. The array may be a new one at every render.
 */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => registerCommands(() => latest.current), []);
}
