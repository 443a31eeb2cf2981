import type { ColumnChoice } from './attribute-actions.tsx';
import { COLUMNS_MAX, columnsOfSearch, textOfColumns } from './trace-search.ts';

/** Attributes shown as columns, by the address, and the way to add or remove one. */
export function useColumnChoice(cols: string | undefined, write: (cols: string | undefined) => void): ColumnChoice {
  const columns = columnsOfSearch(cols);
  return {
    columns,
    most: COLUMNS_MAX,
    onToggle: (name) => {
      const next = columns.includes(name) ? columns.filter((column) => column !== name) : [...columns, name];
      write(next.length === 0 ? undefined : textOfColumns(next));
    },
  };
}
