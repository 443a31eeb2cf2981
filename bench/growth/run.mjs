// Usage: node bench/growth/run.mjs [--help]     (or: npm run bench:growth -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('growth/growth-bench.ts');
