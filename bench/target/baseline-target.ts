import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createStoreClient } from '../../server/src/store/client.ts';
import { createExporterSchemaQuery } from '../query/exporter-schema-query.ts';
import type { BenchContext } from '../run-benchmark.ts';
import { BASELINE_TABLES } from './baseline-schema.ts';
import type { BaselineReady } from './baseline-server.ts';
import { pidOf, READY_TIMEOUT_MS, stopTarget } from './stop-target.ts';
import type { Target } from './target.ts';

/** The usual way (see baseline-server.ts) with the engine of the same build. */
export async function startBaselineTarget({
  buildDir,
  cleanUp,
}: Pick<BenchContext, 'buildDir' | 'cleanUp'>): Promise<Target> {
  const dataDir = await cleanUp.temporaryDirectory('clew-bench-baseline-');
  const child = fork(
    join(buildDir, 'bench', 'baseline-server.mjs'),
    [join(buildDir, 'program', 'engine.js'), dataDir],
    {
      execArgv: [],
    },
  );
  cleanUp.process(child);
  const ready = await new Promise<BaselineReady>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the baseline was not ready in time.')), READY_TIMEOUT_MS);
    child.once('exit', (code) => reject(new Error(`the baseline ended (exit code ${code}). Its errors are above.`)));
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as BaselineReady);
    });
  });
  const client = createStoreClient({ socketPath: ready.socketPath });
  return {
    name: 'baseline',
    pid: pidOf(child),
    urlOf: () => ready.url,
    uiUrl: undefined,
    client,
    spans: { table: 'default.otel_traces', traceId: 'TraceId', spanId: 'SpanId' },
    tenantColumn: undefined,
    tablesCondition: `database = 'default' AND table IN (${BASELINE_TABLES.map((table) => `'${table}'`).join(', ')})`,
    mergeTables: BASELINE_TABLES.map((table) => `default.${table}`),
    query: createExporterSchemaQuery(client),
    dataDir,
    journalDir: undefined,
    // Acknowledged means inserted.
    drained: () => Promise.resolve(),
    async stop() {
      await stopTarget(client, child, () => child.disconnect());
      cleanUp.remove(dataDir);
    },
  };
}
