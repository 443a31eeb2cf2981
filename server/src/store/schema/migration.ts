/**
 * One step of the schema. Statements name tables as `{database}.table` and MUST be repeatable (IF NOT EXISTS and the
 * like): ClickHouse has no transactions for DDL, so a step cut short, or two Clews starting at once, run it again.
 */
export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
  /**
   * A column of spans that the step rewrites. Its statements start that and do not wait, since no statement may take
   * as long as a large store needs: each is followed by waiting until no mutation that names the column is left.
   */
  readonly rewrites?: string;
}
