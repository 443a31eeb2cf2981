/** Asks one kind of question again and again, and checks that both sides found the same. */
import type { StoreClient } from '../../../server/src/store/client.ts';
import { StoreTimeoutError } from '../../../server/src/store/store-error.ts';
import { type ProcessTreeCpu, readTreeCpu } from '../../target/process-tree.ts';
import type { AskedValues } from './asked-values.ts';
import { type ClewAnswer, describeFound, type Found, type Question, type QuestionKind, sameFound } from './question.ts';

export interface Times {
  readonly asks: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface SideFigures {
  readonly ms: Times;
  /** CPU of all processes of the program and of the engine for one ask, of whatever ran beside included. */
  readonly cpuMs: number;
  /** Of one ask, the mean; uncompressed; undefined where the side does not say. */
  readonly bytesRead: number | undefined;
  readonly rowsRead: number | undefined;
  /** Asks that took longer were ended and count as this long, so that such times are lower bounds. */
  readonly limitMs?: number;
}

export interface QuestionFigures {
  readonly name: string;
  readonly about: string;
  readonly clew: SideFigures | undefined;
  readonly baseline: SideFigures | undefined;
  /** Asks whose answers were compared, and those that differed. */
  readonly compared: number;
  readonly different: readonly string[];
  /** Why a side has no figures, or what to know of them. */
  readonly notes: readonly string[];
}

export interface AskPlan {
  readonly asks: number;
  readonly maxSeconds: number;
  readonly withBaseline: boolean;
  /** For one ask of the baseline. */
  readonly baselineSeconds: number;
}

export interface AskedSides {
  readonly uiUrl: string;
  /** Of the same engine. */
  readonly client: StoreClient;
  readonly pid: number;
}

const WARM_UP_ASKS = 2;
const MIN_ASKS = 3;
const ASK_TIMEOUT_MS = 60_000;
/** After so many asks that took longer than they may no more are made. */
const MAX_CUT_ASKS = 2;
/** The engine ends a statement by itself; after so much longer it is left alone. */
const ENDING_MS = 5_000;
const SHOWN_CHARACTERS = 240;

/** Not a number: the question cannot be answered here, which the report says. */
class NotAnsweredError extends Error {}

export async function askQuestion(
  kind: QuestionKind,
  values: AskedValues,
  sides: AskedSides,
  plan: AskPlan,
): Promise<QuestionFigures> {
  const questions = Array.from({ length: plan.asks + WARM_UP_ASKS }, () => kind.make(values));
  const notes: string[] = [];
  const clewFound = new Map<Question, Found>();
  const clew = await measureSide(
    questions,
    plan,
    sides.pid,
    async (question) => {
      const answer = await askClew(sides.uiUrl, question);
      const { found, read, cut } = answer;
      if (cut !== undefined && !notes.includes(cut)) notes.push(cut);
      else if (cut === undefined) clewFound.set(question, found);
      return read;
    },
    (why) => notes.push(`Clew: ${why}`),
  );
  const different: string[] = [];
  let compared = 0;
  const withStatement = questions.filter(({ baseline }) => baseline !== undefined);
  if (withStatement.length === 0) notes.push('no statement of the baseline');
  const baseline =
    !plan.withBaseline || withStatement.length === 0
      ? undefined
      : await measureSide(
          withStatement,
          plan,
          sides.pid,
          async (question) => {
            const answer = await askBaseline(sides.client, question, plan.baselineSeconds);
            if (answer === 'too long') return answer;
            const { rows, summary } = answer;
            const found = clewFound.get(question);
            const theirs = question.baseline?.found(rows);
            if (found !== undefined && theirs !== undefined) {
              compared++;
              if (!sameFound(found, theirs)) {
                different.push(`${question.path}: ${describeFound(found)}, baseline ${describeFound(theirs)}`);
              }
            }
            return { rows: summary.rowsRead, bytes: summary.bytesRead };
          },
          (why) => notes.push(`baseline: ${why}`),
          plan.baselineSeconds * 1000,
        );
  return { name: kind.name, about: kind.about, clew, baseline, compared, different, notes };
}

interface ReadFigures {
  readonly rows: number;
  readonly bytes: number;
}

async function measureSide(
  questions: readonly Question[],
  { maxSeconds }: AskPlan,
  pid: number,
  ask: (question: Question) => Promise<ReadFigures | 'too long' | undefined>,
  giveUp: (why: string) => void,
  limitMs?: number,
): Promise<SideFigures | undefined> {
  const times: number[] = [];
  let rows = 0;
  let bytes = 0;
  let told = 0;
  let cutAsks = 0;
  let cpuBefore: ProcessTreeCpu | undefined;
  const untilMs = performance.now() + maxSeconds * 1000;
  try {
    for (const [index, question] of questions.entries()) {
      if (times.length >= MIN_ASKS && performance.now() > untilMs) break;
      if (index === WARM_UP_ASKS) cpuBefore = readTreeCpu(pid);
      const beforeMs = performance.now();
      const read = await ask(question);
      if (read === 'too long') {
        cutAsks++;
        if (index >= WARM_UP_ASKS || cutAsks === MAX_CUT_ASKS) times.push(limitMs ?? 0);
        if (cutAsks === MAX_CUT_ASKS) break;
        continue;
      }
      if (index < WARM_UP_ASKS) continue;
      times.push(performance.now() - beforeMs);
      if (read === undefined) continue;
      told++;
      rows += read.rows;
      bytes += read.bytes;
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    giveUp(message.slice(0, SHOWN_CHARACTERS));
    // Anything else than "not yet" after good asks is worth its figures.
    if (error instanceof NotAnsweredError || times.length === 0) return undefined;
  }
  if (times.length === 0) return undefined;
  const cpuMs =
    cpuBefore === undefined ? Number.NaN : ((readTreeCpu(pid).seconds - cpuBefore.seconds) * 1000) / times.length;
  return {
    ...(cutAsks > 0 && limitMs !== undefined && { limitMs }),
    ms: timesOf(times),
    cpuMs,
    bytesRead: told === 0 ? undefined : bytes / told,
    rowsRead: told === 0 ? undefined : rows / told,
  };
}

/** By nearest rank. */
export function timesOf(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { asks: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

async function askClew(
  url: string,
  { path, beside = [], accept = 'application/json', found }: Question,
): Promise<{ readonly found: Found; readonly read: ReadFigures | undefined; readonly cut: string | undefined }> {
  const answers = await Promise.all([path, ...beside].map((one) => askOne(`${url}${one}`, accept)));
  const read = { rows: 0, bytes: 0 };
  let isTold = false;
  let cut: string | undefined;
  for (const { json } of answers) {
    const { statistics } = (json ?? {}) as { readonly statistics?: ToldStatistics };
    if (statistics === undefined) continue;
    isTold = true;
    read.rows += statistics.rowsRead;
    read.bytes += statistics.bytesRead;
    if (!statistics.complete) cut ??= `incomplete answers: ${statistics.incompleteReason ?? ''}`;
  }
  return { found: found(answers[0]), read: isTold ? read : undefined, cut };
}

interface ToldStatistics {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly complete: boolean;
  readonly incompleteReason?: string;
}

async function askOne(url: string, accept: string): Promise<ClewAnswer> {
  const response = await fetch(url, { headers: { Accept: accept }, signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  const bytes = await response.arrayBuffer();
  if (!response.ok) throw new NotAnsweredError(`HTTP ${response.status}: ${new TextDecoder().decode(bytes)}`);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { bytes, json: isJson ? JSON.parse(new TextDecoder().decode(bytes)) : undefined };
}

async function askBaseline(client: StoreClient, { baseline }: Question, mostSeconds: number) {
  if (baseline === undefined) throw new Error('no statement of the baseline.');
  try {
    return await client.selectJson<Readonly<Record<string, unknown>>>(baseline.sql, baseline.parameters, {
      timeoutMs: mostSeconds * 1000 + ENDING_MS,
      settings: { max_execution_time: mostSeconds, timeout_overflow_mode: 'throw' },
    });
  } catch (error) {
    if (isTimeout(error)) return 'too long' as const;
    throw error;
  }
}

/** The engine's number for a statement that took longer than it may, or the client's word for it. */
function isTimeout(error: unknown): boolean {
  if (error instanceof StoreTimeoutError) return true;
  return error instanceof Error && 'code' in error && ['159', '160'].includes(String(error.code));
}
