import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { metricsQuery } from '../../client/metrics-query.ts';
import { statusQuery } from '../../client/status-query.ts';
import { text } from '../../text/catalogue.ts';
import { formatInstant, zoneLabel } from '../../text/format-time.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useTitle } from '../../widgets/use-title.ts';
import { type HealthFinding, healthFindings } from './health-findings.ts';
import { HEALTH_TABS, type HealthSearch, type HealthTab, parseHealthSearch } from './health-search.ts';
import { IngestPanel } from './ingest-panel.tsx';
import { MetricSet } from './metric-set.ts';
import { QualityPanel } from './quality-panel.tsx';
import { QualityOfRange } from './quality-range.tsx';
import { SamplingPanel } from './sampling-panel.tsx';
import { StoragePanel } from './storage-panel.tsx';
import './health.css';

const words = text.health;

/** How this Clew is doing, and how good the data is that it gets. */
export function HealthPage() {
  useTitle(words.page);
  const search = useSearch({ from: '/health' });
  const navigate = useNavigate({ from: '/health' });
  const status = useQuery(statusQuery);
  const metrics = useQuery(metricsQuery);
  const set = useMemo(() => (metrics.data === undefined ? undefined : new MetricSet(metrics.data)), [metrics.data]);
  const change = (next: { readonly tab?: string; readonly from?: string }): void => {
    void navigate({ search: (before: HealthSearch) => parseHealthSearch({ ...before, ...next }) });
  };
  const failed = status.error ?? metrics.error;
  const tab = search.tab ?? 'ingest';
  return (
    <div className="health">
      <h1>{words.page}</h1>
      {failed !== null && (
        <ProblemMessage error={failed} onRetry={() => void Promise.all([status.refetch(), metrics.refetch()])} />
      )}
      {status.data !== undefined && set !== undefined && (
        <>
          <Findings findings={healthFindings(status.data, set)} />
          <Tabs<HealthTab>
            label={words.tabsLabel}
            chosen={tab}
            onChoose={(key) => change({ tab: key })}
            tabs={HEALTH_TABS.map((key) => ({ key, label: words.tabs[key] }))}
          >
            {tab === 'ingest' && <IngestPanel status={status.data} metrics={set} />}
            {tab === 'storage' && <StoragePanel status={status.data} metrics={set} />}
            {(tab === 'sampling' || tab === 'quality') && (
              <QualityOfRange from={search.from ?? 'now-1h'} onFrom={(from) => change({ from })}>
                {(quality) =>
                  tab === 'sampling' ? <SamplingPanel quality={quality} /> : <QualityPanel quality={quality} />
                }
              </QualityOfRange>
            )}
            {(tab === 'ingest' || tab === 'storage') && (
              <p className="health-note">
                {words.scope(`${formatInstant(status.data.startedUnixMs)} ${zoneLabel(status.data.startedUnixMs)}`)}
              </p>
            )}
          </Tabs>
        </>
      )}
    </div>
  );
}

/** What to look at, or that there is nothing. */
function Findings({ findings }: { readonly findings: readonly HealthFinding[] }) {
  if (findings.length === 0) {
    return (
      <p className="findings is-well">
        <Icon name="check" />
        <span>
          <strong>{words.well}</strong> {words.wellWhy}
        </span>
      </p>
    );
  }
  return (
    <ul className="findings" aria-label={words.findingsLabel}>
      {findings.map(({ severity, what, todo }) => (
        <li key={what} className={`finding is-${severity}`}>
          <Icon name={severity} />
          <span>
            <strong>{what}</strong> {todo}
          </span>
        </li>
      ))}
    </ul>
  );
}
