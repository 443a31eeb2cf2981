/** What is drawn below the rates; `undefined` in the URL leaves the choice to the number of results. */
export const OVERVIEW_VIEWS = ['heat', 'scatter', 'errors', 'table'] as const;
export type OverviewView = (typeof OVERVIEW_VIEWS)[number];

/** What errors are told apart by. */
export const ERROR_GROUPS = ['service', 'operation', 'message'] as const;
export type ErrorGroup = (typeof ERROR_GROUPS)[number];

/** The part of Explore's URL that belongs to the charts; defaults are left out. */
export interface OverviewSearch {
  readonly viz?: OverviewView;
  /** A rectangle of the heatmap, `formatSelection`. */
  readonly sel?: string;
  readonly errors?: Exclude<ErrorGroup, 'service'>;
}

/** Spans by start and duration. */
export interface Selection {
  /** Unix milliseconds, whole; `fromMs < toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Nanoseconds, whole: low < duration ≤ high. Absent: any duration. */
  readonly durations?: { readonly lowNano: number; readonly highNano: number };
}

/** Keeps what is well formed; the rest falls back to its default. */
export function parseOverviewSearch(values: Readonly<Record<string, unknown>>): OverviewSearch {
  const viz = OVERVIEW_VIEWS.find((view) => view === values.viz);
  const selection = typeof values.sel === 'string' ? tryParseSelection(values.sel) : undefined;
  const errors = ERROR_GROUPS.find((group) => group === values.errors);
  return {
    ...(viz === undefined ? {} : { viz }),
    ...(selection === undefined ? {} : { sel: formatSelection(selection) }),
    ...(errors === undefined || errors === 'service' ? {} : { errors }),
  };
}

/** `fromMs-toMs` or `fromMs-toMs-lowNano-highNano`: nothing that a URL would have to escape. */
export function formatSelection({ fromMs, toMs, durations }: Selection): string {
  const time = `${fromMs}-${toMs}`;
  return durations === undefined ? time : `${time}-${durations.lowNano}-${durations.highNano}`;
}

const WHOLE = /^\d{1,16}$/;

/** Undefined when the text is no selection. */
export function tryParseSelection(text: string): Selection | undefined {
  const parts = text.split('-');
  if ((parts.length !== 2 && parts.length !== 4) || !parts.every((part) => WHOLE.test(part))) return undefined;
  const [fromMs, toMs, lowNano, highNano] = parts.map(Number);
  if (fromMs >= toMs || toMs > MAX_UNIX_MS) return undefined;
  if (parts.length === 2) return { fromMs, toMs };
  return lowNano < highNano ? { fromMs, toMs, durations: { lowNano, highNano } } : undefined;
}

/** What a Date can hold. */
const MAX_UNIX_MS = 8.64e15;
