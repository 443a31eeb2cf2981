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
   * The step rewrites stored spans, which takes longer than a statement may: an `UPDATE` of it is only begun,
   * and after each statement all mutations of spans are waited for. An `UPDATE` that has been begun is not begun again.
   */
  readonly rewrites?: boolean;
}
