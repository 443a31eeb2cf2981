import type { TimeRange } from '../../client/api.ts';
import { absoluteRange } from '../search/time-range.ts';
import { selectedQuery } from './overview-query.ts';
import { type Selection, tryParseSelection } from './overview-search.ts';

export interface ListedSearch {
  readonly query: string;
  readonly range: TimeRange;
  readonly selection: Selection | undefined;
}

/** What the list of results is of: the query and its range, or the part of it that is selected in the heatmap. */
export function listedSearch(query: string, range: TimeRange, sel: string | undefined): ListedSearch {
  const selection = sel === undefined ? undefined : tryParseSelection(sel);
  if (selection === undefined) return { query, range, selection };
  return {
    query: selectedQuery(query, selection),
    range: absoluteRange(selection.fromMs, selection.toMs),
    selection,
  };
}
