import type { StatusAnswer } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { MetricSet } from './metric-set.ts';

/** Something an operator should know, with what to do. */
export interface HealthFinding {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly todo: string;
}

/** The store is slower than the senders when acknowledged spans wait longer. */
const JOURNAL_AGE_MS = 10_000;
const NEARLY_FULL = 0.9;
const NANOS_PER_MS = 1e6;

/** What is wrong, worst first; empty when all is well. */
export function healthFindings(status: StatusAnswer, metrics: MetricSet): readonly HealthFinding[] {
  const words = text.health.findings;
  const findings: HealthFinding[] = [];
  const add = (severity: HealthFinding['severity'], [what, todo]: readonly [string, string]): void => {
    findings.push({ severity, what, todo });
  };
  const count = (name: string): number => metrics.sum(name) ?? 0;
  if (metrics.sum('clew_engine_up') === 0) add('error', words.storeAway);
  if (count('clew_store_full') > 0) add('error', words.storeFull);
  if (count('clew_set_aside_spans_total') > 0) {
    add('error', words.setAside(formatCount(count('clew_set_aside_spans_total'))));
  }
  if (count('clew_journal_damaged_entries') > 0) {
    add('error', words.damaged(formatCount(count('clew_journal_damaged_entries'))));
  }
  if (count('clew_journal_write_failures_total') > 0) add('error', words.journalDisk);
  const { oldestAgeMs, bytes } = status.journal;
  if (oldestAgeMs > JOURNAL_AGE_MS) {
    add('warning', words.backlog(formatDuration(oldestAgeMs * NANOS_PER_MS), formatBytes(bytes)));
  }
  if (count('clew_memory_squeezed') > 0) add('warning', words.memory);
  const fullness = Math.max(0, ...metrics.samples('clew_store_fullness_ratio').map(({ value }) => value));
  if (fullness >= NEARLY_FULL && status.storage?.warnings.length === 0) {
    add('warning', words.nearlyFull(`${Math.round(fullness * 100)} %`));
  }
  for (const warning of status.storage?.warnings ?? []) add('warning', [warning, '']);
  const lost = count('clew_rejected_spans_total');
  if (lost > 0) add('warning', words.rejected(formatCount(lost)));
  for (const [reason, refused] of metrics.by('clew_refused_requests_total', 'reason')) {
    add('warning', words.refused(formatCount(refused), text.health.reasons[reason] ?? reason));
  }
  if (count('clew_engine_restarts_total') > 0) {
    add('warning', words.restarts(formatCount(count('clew_engine_restarts_total'))));
  }
  if (count('clew_store_mutations_failing') > 0) add('warning', words.mutations);
  return findings.sort((a, b) => a.severity.localeCompare(b.severity));
}
