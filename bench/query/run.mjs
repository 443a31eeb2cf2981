// Usage: node bench/query/run.mjs [--help]     (or: npm run bench:query -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('query/query-bench.ts');
