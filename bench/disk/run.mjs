// Usage: node bench/disk/run.mjs [--help]
import { runBuilt } from '../run-built.mjs';

await runBuilt('disk/disk-bench.ts');
