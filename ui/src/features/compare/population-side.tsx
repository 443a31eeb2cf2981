import type { ComparedPopulation } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { useNow } from '../../widgets/use-now.ts';
import { rangeLabel } from '../search/time-range.ts';
import type { SideQuery } from './attribute-differences.tsx';
import { SideLetter } from './side-letter.tsx';

/** Which spans a side is, and how many of its traces the tree is made of. */
export function PopulationSide(props: {
  readonly side: SideQuery;
  readonly population: ComparedPopulation | undefined;
}) {
  const { side, population } = props;
  const { populations } = text.compare;
  const now = useNow(60_000);
  return (
    <div className="compare-side">
      <SideLetter letter={side.letter} />
      <div className="compare-side-text">
        <Link
          to="/explore"
          search={{ q: side.query, from: side.from, to: side.to }}
          preload={false}
          title={`${side.query}\n${populations.openSide}`}
        >
          <code>{side.query}</code>
        </Link>
        <span className="muted">
          {rangeLabel(side, now)}
          {population !== undefined &&
            ` · ${(population.traces.isAll ? populations.allTraces : populations.sampledTraces)(population.traces.count)}`}
        </span>
      </div>
    </div>
  );
}
