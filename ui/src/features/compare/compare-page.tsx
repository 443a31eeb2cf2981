import { parseTraceId } from '@clew/model';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { ChooseOther } from './choose-other.tsx';
import { ChooseSides } from './choose-sides.tsx';
import { type CompareUpdate, parseCompareSearch } from './compare-search.ts';
import { PopulationPair } from './population-pair.tsx';
import { TracePair } from './trace-pair.tsx';
import './compare.css';

/** Two traces, or two sets of traces, side by side; until both are chosen, ways to choose them. */
export function ComparePage() {
  const search = useSearch({ from: '/compare' });
  const navigate = useNavigate();
  useTitle(text.compare.page);
  const update: CompareUpdate = (change, replace = false) => {
    void navigate({
      to: '/compare',
      search: (now) => parseCompareSearch({ ...now, ...change }),
      replace,
      resetScroll: false,
    });
  };
  const { a, b } = search;
  const traceA = a === undefined ? undefined : parseTraceId(a);
  const traceB = b === undefined ? undefined : parseTraceId(b);
  if (traceA !== undefined && traceB !== undefined) {
    return <TracePair key={`${traceA} ${traceB}`} a={traceA} b={traceB} {...{ search, update }} />;
  }
  if (traceA !== undefined && b === undefined) {
    return <ChooseOther given="A" traceId={traceA} onChoose={(chosen) => update({ b: chosen })} />;
  }
  if (traceB !== undefined && a === undefined) {
    return <ChooseOther given="B" traceId={traceB} onChoose={(chosen) => update({ a: chosen })} />;
  }
  if (a !== undefined && b !== undefined) {
    // A trace beside a query is the set of that trace alone.
    const sides = { a: queryOfSide(a, traceA), b: queryOfSide(b, traceB) };
    return <PopulationPair search={{ ...search, ...sides }} update={update} />;
  }
  return <ChooseSides {...{ search, update }} />;
}

function queryOfSide(side: string, traceId: string | undefined): string {
  return traceId === undefined ? side : `{ trace:id = "${traceId}" }`;
}
