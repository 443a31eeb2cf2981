/** Text ⇄ tree for TraceQL, and an evaluator over traces in memory. */
export * from './tree.ts';
