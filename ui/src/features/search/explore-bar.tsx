import { useRef } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useCommands } from '../../widgets/use-commands.ts';
import { QueryChips } from './chips/query-chips.tsx';
import { QueryBox } from './query-box.tsx';
import type { QueryFieldControl } from './query-field.ts';
import type { QueryMistake } from './query-mistake.ts';
import { QueryShortcuts } from './query-shortcuts.tsx';
import { SavedMenu } from './saved/saved-menu.tsx';
import { TimeRangePicker } from './time-range-picker.tsx';

/** What is asked: the text, its conditions as chips, controls that write into it, the time. */
export function ExploreBar(props: {
  /** As it stands in the field. */
  readonly draft: string;
  /** As it was run. */
  readonly query: string;
  readonly range: TimeRange;
  readonly mistake: QueryMistake | undefined;
  readonly isLive: boolean;
  /** Else it is a metrics query. */
  readonly isTraces: boolean;
  readonly hasFacets: boolean;
  readonly onDraft: (draft: string) => void;
  readonly onRun: (query: string) => void;
  readonly onRange: (range: TimeRange) => void;
  readonly onLive: (isLive: boolean) => void;
  readonly onFacets: (hasFacets: boolean) => void;
}) {
  const { draft, range, isLive, isTraces, hasFacets, onRun } = props;
  const words = text.controls;
  const field = useRef<QueryFieldControl>(null);
  const { query: toQuery, suggest } = text.commands.explore;
  useCommands([
    { id: 'explore.query', group: 'explore', label: toQuery, keys: ['/'], run: () => field.current?.focus() },
    { id: 'explore.suggest', group: 'explore', label: suggest, keys: ['Ctrl Space'] },
    ...(isTraces
      ? [
          {
            id: 'explore.live',
            group: 'explore' as const,
            label: isLive ? words.live.stop : words.live.hint,
            keys: ['l'],
            run: () => props.onLive(!isLive),
          },
          {
            id: 'explore.facets',
            group: 'explore' as const,
            label: hasFacets ? words.facets.hide : words.facets.show,
            run: () => props.onFacets(!hasFacets),
          },
        ]
      : []),
  ]);
  return (
    <search className="explore-bar">
      <div className="explore-query">
        <QueryBox
          label={text.explore.query}
          placeholder={text.explore.queryPlaceholder}
          value={draft}
          range={range}
          mistake={props.mistake}
          control={field}
          onChange={props.onDraft}
          onRun={onRun}
        />
        <button type="button" className="button is-primary" title={text.explore.runHint} onClick={() => onRun(draft)}>
          {text.explore.run}
        </button>
        <SavedMenu query={props.query} onQuery={onRun} />
      </div>
      <div className="explore-controls">
        <QueryShortcuts query={draft} range={range} onQuery={onRun} />
        <QueryChips query={draft} range={range} onQuery={onRun} />
        <div className="explore-time">
          {isTraces && !isLive && (
            <button
              type="button"
              className="button is-icon"
              aria-pressed={hasFacets}
              aria-label={words.facets.show}
              title={hasFacets ? words.facets.hide : words.facets.show}
              onClick={() => props.onFacets(!hasFacets)}
            >
              <Icon name="filter" />
            </button>
          )}
          <button
            type="button"
            className="button live-toggle"
            aria-pressed={isLive}
            disabled={!isTraces}
            title={isTraces ? words.live.hint : words.live.metrics}
            onClick={() => props.onLive(!isLive)}
          >
            <span className="live-mark" aria-hidden="true" />
            {words.live.start}
          </button>
          <TimeRangePicker range={range} onRange={props.onRange} />
        </div>
      </div>
    </search>
  );
}
