// Usage: node bench/peers/run.mjs [--help]     (or: npm run bench:peers -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('peers/peers-bench.ts');
