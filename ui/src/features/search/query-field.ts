import type { Ref } from 'react';
import type { TimeRange } from '../../client/api.ts';
import type { QueryMistake } from './query-mistake.ts';

/** What a field for query text takes, be it the plain one or the editor that replaces it. */
export interface QueryFieldProps {
  readonly value: string;
  /** What the field is called. */
  readonly label: string;
  readonly placeholder: string;
  /** Where suggested keys and values come from. */
  readonly range: TimeRange;
  readonly mistake: QueryMistake | undefined;
  readonly onChange: (value: string) => void;
  readonly onRun: (value: string) => void;
  readonly control: Ref<QueryFieldControl>;
}

/** What the page does to the field. */
export interface QueryFieldControl {
  /** Focuses and selects; without a range the focus alone. */
  focus(range?: { readonly from: number; readonly to: number }): void;
}

/** Where a field goes on from the one before it. */
export interface FieldStart {
  readonly isFocused: boolean;
  readonly from: number;
  readonly to: number;
}
