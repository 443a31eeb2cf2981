// Usage: node bench/ingest/run.mjs [--help]     (or: npm run bench:ingest -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('ingest/ingest-bench.ts');
