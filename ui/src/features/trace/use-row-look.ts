import { useMemo } from 'react';
import type { TraceModel } from '../../timeline/trace-model.ts';
import type { WaterfallLook } from '../../timeline/waterfall-view.ts';
import { useSettings } from '../../widgets/use-settings.ts';
import { buildScheme } from './build-scheme.ts';
import { columnsOfSearch, type TraceSearch } from './trace-search.ts';
import type { TraceSummary } from './trace-summary.ts';
import { type SpanAttribute, useSpanAttributes } from './use-span-attributes.ts';

const ROW_HEIGHTS_PX = { compact: 20, default: 24, comfortable: 28 } as const;
const COLUMN_WIDTH_PX = 120;
/** Of a narrow window. */
const NAME_SHARE = 0.44;

/** How rows are drawn, from the address and the settings, with the attributes it takes. */
export function useRowLook(options: {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly search: TraceSearch;
  readonly nameWidth: number;
  /** No room for columns. */
  readonly isNarrow: boolean;
}): { readonly look: WaterfallLook; readonly attributes: readonly SpanAttribute[] } {
  const { trace, summary, search, isNarrow } = options;
  const { density } = useSettings();
  const cols = useMemo(() => (isNarrow ? [] : columnsOfSearch(search.cols)), [isNarrow, search.cols]);
  const isByAttribute = search.color !== undefined && search.color !== 'kind' && search.color !== 'status';
  const colourBy = useMemo(
    () => (isByAttribute && search.color !== undefined ? [search.color] : []),
    [isByAttribute, search.color],
  );
  const attributes = useSpanAttributes(trace, cols);
  const [colour] = useSpanAttributes(trace, colourBy);
  const scheme = useMemo(
    () => buildScheme(trace, summary, search.color, colour),
    [trace, summary, search.color, colour],
  );
  const nameWidth = isNarrow ? Math.round(window.innerWidth * NAME_SHARE) : options.nameWidth;
  const look = useMemo(
    (): WaterfallLook => ({
      rowHeight: ROW_HEIGHTS_PX[density],
      nameWidth,
      columnWidth: COLUMN_WIDTH_PX,
      columns: attributes,
      scheme,
      selfShown: search.self === '1',
    }),
    [density, nameWidth, attributes, scheme, search.self],
  );
  return { look, attributes };
}
