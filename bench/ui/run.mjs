// Usage: node bench/ui/run.mjs [--help]     (or: npm run bench:ui -- [--help])
import { runBuilt } from '../run-built.mjs';

await runBuilt('ui/ui-bench.ts', { withUi: true });
