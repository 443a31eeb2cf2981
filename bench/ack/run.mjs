// Usage: node bench/ack/run.mjs [--help]     (or: npm run bench:ack -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('ack/ack-bench.ts');
