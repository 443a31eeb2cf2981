import { text } from '../../text/catalogue.ts';
import type { FigureChange } from './figure-change.ts';

const ARROWS = { up: 'M4 1L7.500 7H.500Z', down: 'M4 7L.500 1H7.500Z' } as const;

/**
 * A change with arrow, sign and text. `worse` is the direction that is bad: then, and where it is notable, it stands out.
 */
export function ChangeMark({ change, worse }: { readonly change: FigureChange; readonly worse?: 'up' | 'down' }) {
  const { direction, isNotable } = change;
  if (direction === 'none') return null;
  const words = text.services.change;
  if (direction === 'new') {
    return (
      <span className="change" title={words.newHint}>
        {words.new}
      </span>
    );
  }
  const tone = !isNotable || worse === undefined ? '' : direction === worse ? ' is-worse' : ' is-better';
  return (
    <span className={`change${tone}`}>
      {direction !== 'same' && (
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
          <path d={ARROWS[direction]} />
        </svg>
      )}
      {change.text}
    </span>
  );
}
