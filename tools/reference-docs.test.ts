/** docs/reference says what the program says: rewritten with `npm run test:unit -- -u tools/reference-docs`. */
import { formatByteSize } from '@clew/server/config/byte-size';
import { formatDurationMs } from '@clew/server/config/duration';
import { NAMED_SETTINGS } from '@clew/server/config/settings';
import { createMemoryMetrics } from '@clew/server/telemetry/memory-metrics';
import { createProgramMetrics } from '@clew/server/telemetry/program-metrics';
import { createPrometheusIngestMetrics } from '@clew/server/telemetry/prometheus-ingest-metrics';
import { createStorageMetrics } from '@clew/server/telemetry/storage-metrics';
import { describe, expect, it } from 'vitest';
import { createReadMetrics } from '../server/src/telemetry/read-metrics.ts';

function valueText(value: unknown, unit: 'bytes' | 'ms' | undefined, path: string): string {
  if (path === 'ingest.workers') return 'the cores there are, at most 4';
  if (path === 'store.dataDir') return '`clew-data` in the working directory';
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => `\`${item}\``).join(', ');
  if (typeof value === 'number' && unit === 'bytes') return formatByteSize(value);
  if (typeof value === 'number' && unit === 'ms') return formatDurationMs(value);
  return `\`${value}\``;
}

function configurationReference(): string {
  const rows = NAMED_SETTINGS.map(
    ({ path, flag, envs, setting }) =>
      `| \`${path}\` | \`--${flag}\` | \`${envs[0]}\` | ${valueText(setting.defaultValue, setting.unit, path)} | ${setting.about} |`,
  );
  return `# Configuration

\`clew.yaml\` in the working directory (or \`--config FILE\`), overridden by the environment, overridden by flags.
\`clew config check\` explains every mistake with its line and its fix; \`clew config print\` shows the effective values
and where each comes from. Sizes take \`64MiB\`, times \`5s\`. This table is made from the program.

| clew.yaml | flag | environment | default | what it is |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

async function metricsReference(): Promise<string> {
  const metrics = createProgramMetrics('', () => ({
    journal: { entries: 0, spans: 0, bytes: 0, oldestAgeMs: 0 },
    journalDamagedEntries: 0,
    journalFailedWrites: 0,
    engineUp: true,
    storeNodes: [],
  }));
  createPrometheusIngestMetrics(metrics.registry);
  createMemoryMetrics(metrics.registry, 0);
  createReadMetrics(metrics.registry, { runningCount: 0, waitingCount: 0 });
  createStorageMetrics(metrics.registry);
  const all = await metrics.registry.getMetricsAsJSON();
  const rows = all
    .filter(({ name }) => name.startsWith('clew_'))
    .map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`)
    .sort();
  return `# Metrics

\`GET /metrics\` on the main port, Prometheus text format. Beside these there are the usual \`process_\` and \`nodejs_\`
metrics of the main process. This table is made from the program.

| name | type | what it counts |
|---|---|---|
${rows.join('\n')}

What to watch: \`clew_journal_oldest_age_seconds\` (above a few seconds the store does not keep up or is away),
\`clew_refused_requests_total\` by reason, \`clew_store_fullness_ratio\` (near 1 the oldest day goes),
\`clew_set_aside_spans_total\` and \`clew_journal_damaged_entries\` (must stay 0).
`;
}

describe('the reference', () => {
  it('lists every setting with its names and default', async () => {
    await expect(configurationReference()).toMatchFileSnapshot('../docs/reference/configuration.md');
  });

  it('lists every metric', async () => {
    await expect(await metricsReference()).toMatchFileSnapshot('../docs/reference/metrics.md');
  });
});
