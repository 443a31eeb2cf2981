/** Asks one kind of question again and again, and checks that both sides found the same. */
import type { StoreClient } from '../../../server/src/store/client.ts';
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
            const { rows, summary } = await askBaseline(sides.client, question);
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
  ask: (question: Question) => Promise<ReadFigures | undefined>,
  giveUp: (why: string) => void,
): Promise<SideFigures | undefined> {
  const times: number[] = [];
  let rows = 0;
  let bytes = 0;
  let told = 0;
  let cpuBefore: ProcessTreeCpu | undefined;
  const untilMs = performance.now() + maxSeconds * 1000;
  try {
    for (const [index, question] of questions.entries()) {
      if (times.length >= MIN_ASKS && performance.now() > untilMs) break;
      if (index === WARM_UP_ASKS) cpuBefore = readTreeCpu(pid);
      const beforeMs = performance.now();
      const read = await ask(question);
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
  if (cpuBefore === undefined) return undefined;
  const cpuMs = ((readTreeCpu(pid).seconds - cpuBefore.seconds) * 1000) / times.length;
  return {
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
  { path, accept = 'application/json', found }: Question,
): Promise<{ readonly found: Found; readonly read: ReadFigures | undefined; readonly cut: string | undefined }> {
  const response = await fetch(`${url}${path}`, {
    headers: { Accept: accept },
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  const bytes = await response.arrayBuffer();
  if (!response.ok) {
    const text = new TextDecoder().decode(bytes);
    throw new NotAnsweredError(`HTTP ${response.status}: ${text}`);
  }
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const answer: ClewAnswer = { bytes, json: isJson ? JSON.parse(new TextDecoder().decode(bytes)) : undefined };
  const { statistics } = (answer.json ?? {}) as {
    readonly statistics?: {
      readonly rowsRead: number;
      readonly bytesRead: number;
      readonly complete: boolean;
      readonly incompleteReason?: string;
    };
  };
  const cut = statistics?.complete === false ? `incomplete answers: ${statistics.incompleteReason ?? ''}` : undefined;
  const read = statistics && { rows: statistics.rowsRead, bytes: statistics.bytesRead };
  return { found: found(answer), read, cut };
}

function askBaseline(client: StoreClient, { baseline }: Question) {
  if (baseline === undefined) throw new Error('no statement of the baseline.');
  return client.selectJson<Readonly<Record<string, unknown>>>(baseline.sql, baseline.parameters, {
    timeoutMs: ASK_TIMEOUT_MS,
  });
}
