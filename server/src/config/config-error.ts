/** What is wrong with the configuration, all of it at once. */

export interface ConfigProblem {
  /** Where the value stands: "clew.yaml:4:9", "environment CLEW_SERVER_PORT", "flag --port" or "default". */
  readonly where: string;
  /** What failed: which value (limit). What to do. */
  readonly message: string;
}

export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => `${problem.where}: ${problem.message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
