/** A process with an engine, for tests that kill such a process: prints one line of JSON, then waits. */
import { startEmbeddedEngine } from './embedded-engine.ts';

const [dataDir = '', enginePath = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
try {
  const engine = await startEmbeddedEngine({
    dataDir,
    enginePath,
    memoryLimitBytes: 700 * 1024 * 1024,
    logger: silent,
  });
  process.stdout.write(`${JSON.stringify({ pid: engine.pid, socketPath: engine.socketPath })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  process.exit(1);
}
