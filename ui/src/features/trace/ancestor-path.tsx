import { FLAG_MISSING_PARENT, NO_PARENT } from '@clew/model';
import { Fragment, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';

/** Above so many the middle is left out until it is asked for. */
const SHOWN_ANCESTORS = 4;
const MAX_ANCESTORS = 200;

/** The way from the root to a span's parent; each step goes there. */
export function AncestorPath(props: {
  readonly trace: TraceModel;
  readonly row: number;
  readonly onGoTo: (row: number) => void;
}) {
  const { trace, row, onGoTo } = props;
  const [wholeOf, setWholeOf] = useState(-1);
  const { columns } = trace;
  const path = ancestorsOf(columns.parent, row);
  const top = path[0] ?? row;
  const isCut = (columns.flags[top] & FLAG_MISSING_PARENT) !== 0;
  if (path.length === 0 && !isCut) return null;
  const hidden = wholeOf === row || path.length <= SHOWN_ANCESTORS ? 0 : path.length - SHOWN_ANCESTORS + 1;
  return (
    <nav className="ancestors" aria-label={text.dock.path}>
      <ol>
        {isCut && <li className="ancestors-missing">{text.dock.parentMissing}</li>}
        {path.map((ancestor, at) => {
          if (at > 1 && at <= hidden) return null;
          return (
            <Fragment key={ancestor}>
              {at === 1 && hidden > 0 ? (
                <li>
                  <button
                    type="button"
                    className="link-button"
                    aria-label={text.dock.pathMore(hidden)}
                    title={text.dock.pathMore(hidden)}
                    onClick={() => setWholeOf(row)}
                  >
                    …
                  </button>
                </li>
              ) : (
                <li>
                  <button type="button" className="link-button" onClick={() => onGoTo(ancestor)}>
                    <span className="ancestors-service">{columns.services[columns.service[ancestor]]}</span>{' '}
                    {columns.names[columns.name[ancestor]] || text.trace.namelessSpan}
                  </button>
                </li>
              )}
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}

/** From the root down; of a very deep span the nearest. */
function ancestorsOf(parent: Int32Array, row: number): number[] {
  const path: number[] = [];
  for (let up = parent[row]; up !== NO_PARENT && path.length < MAX_ANCESTORS; up = parent[up]) path.push(up);
  return path.reverse();
}
