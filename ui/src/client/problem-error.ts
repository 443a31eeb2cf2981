import type { Problem } from '@clew/contract';

/** An answer that is not the one asked for: the server's problem, or none at all (`status` 0). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly position: { readonly from: number; readonly to: number } | undefined;

  constructor(problem: Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'position'>) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.position = problem.position;
  }
}

/** Reads the problem out of an answer; an answer without one (a proxy's page) is described by its status. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const body: unknown = await answer.json().catch(() => undefined);
    if (isProblem(body)) return new ProblemError({ ...body, status: answer.status });
  }
  return new ProblemError({
    status: answer.status,
    code: 'HTTP_STATUS',
    title: `HTTP ${answer.status}`,
    detail: `${new URL(answer.url).pathname} answered ${answer.status} ${answer.statusText}`.trim(),
  });
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const problem: Partial<Record<keyof Problem, unknown>> = value;
  return typeof problem.title === 'string' && typeof problem.detail === 'string' && typeof problem.code === 'string';
}
