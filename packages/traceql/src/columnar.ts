/**
 * Pipelines over columns of spans, for stores that read columns: what `@clew/traceql/evaluate` answers, without an
 * object for each span. Conditions and values of single spans are the store's to compute.
 */
export { type ColumnPlan, planColumns } from './columnar/plan-columns.ts';
export { preparePipeline, type RowSet, type RunPipeline } from './columnar/run-pipeline.ts';
export {
  DURATION_NUMBER,
  FLOAT_NUMBER,
  type GroupColumn,
  INT_NUMBER,
  NO_NUMBER,
  type NumberColumn,
  type Rows,
  type SpanTable,
} from './columnar/span-table.ts';
