import type { ReactNode } from 'react';
import { text } from '../../text/catalogue.ts';
import { IconButton } from '../../widgets/icon-button.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import type { DiffOrder } from './diff-rows.ts';

/** What is shown of a merged tree, and in which order; beside it what its signs mean. */
export function DiffToolbar(props: {
  readonly order: DiffOrder;
  readonly onOrder: (order: DiffOrder) => void;
  readonly onFoldAll: (folded: boolean) => void;
  readonly onJump: (direction: 1 | -1) => void;
  readonly places: string;
  /** When something counts as a difference, in a sentence. */
  readonly threshold: string;
  readonly byTime: string;
  readonly children?: ReactNode;
}) {
  const { order, onOrder } = props;
  const { tree } = text.compare;
  return (
    <div className="compare-toolbar">
      {props.children}
      <label className="compare-check">
        <input
          type="checkbox"
          checked={order.onlyChanged}
          onChange={(event) => onOrder({ ...order, onlyChanged: event.target.checked })}
        />
        {tree.onlyChanged}
      </label>
      <label className="compare-check">
        {tree.order}
        <select
          className="field"
          value={order.largestFirst ? 'difference' : 'time'}
          onChange={(event) => onOrder({ ...order, largestFirst: event.target.value === 'difference' })}
        >
          <option value="time">{props.byTime}</option>
          <option value="difference">{tree.byDifference}</option>
        </select>
      </label>
      <span className="compare-toolbar-keys">
        <IconButton icon="chevronUp" label={tree.previousChange} onClick={() => props.onJump(-1)} />
        <IconButton icon="chevronDown" label={tree.nextChange} onClick={() => props.onJump(1)} />
        <IconButton icon="fold" label={tree.foldAll} onClick={() => props.onFoldAll(true)} />
        <IconButton icon="unfold" label={tree.unfoldAll} onClick={() => props.onFoldAll(false)} />
      </span>
      <PopoverButton className="button is-quiet is-small" panelClass="compare-legend" caption={tree.legend}>
        {() => (
          <>
            <ul>
              {tree.signs.map(([change, sign, meaning]) => (
                <li key={change} data-change={change}>
                  <span className="diff-mark">{sign}</span> {meaning}
                </li>
              ))}
            </ul>
            <p>{props.threshold}</p>
          </>
        )}
      </PopoverButton>
      <span className="compare-places" role="status">
        {props.places}
      </span>
    </div>
  );
}
