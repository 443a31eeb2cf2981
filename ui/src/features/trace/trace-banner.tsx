import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import './trace-banner.css';

/** What a reader must not miss: spans that are left out, and times that are shown otherwise than received. */
export function TraceBanner(props: { readonly trace: TraceModel; readonly onShowReceived: () => void }) {
  const { columns, skew, shift } = props.trace;
  return (
    <div className="trace-banners">
      {columns.omittedSpanCount > 0 && (
        <p className="trace-banner is-warning" role="alert">
          <Icon name="warning" />
          {text.waterfall.banner.omitted(columns.omittedSpanCount, columns.spanCount)}
        </p>
      )}
      {shift !== undefined && (
        <p className="trace-banner">
          <Icon name="clock" />
          {text.waterfall.banner.adjusted(formatDuration(skew.largestShift))}
          <button type="button" className="button is-small" onClick={props.onShowReceived}>
            {text.waterfall.banner.showReceived}
          </button>
        </p>
      )}
    </div>
  );
}
