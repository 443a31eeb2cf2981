// Usage: node bench/overload/run.mjs [--help]     (or: npm run bench:overload -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('overload/overload-bench.ts');
