import { createInterface, type Interface } from 'node:readline';
import type { ClewClient } from '../api/clew-client.ts';
import { EXIT_OK } from '../exit-code.ts';
import { showTrace } from '../show-trace.ts';
import type { Keyboard, Terminal } from '../terminal.ts';
import { isUnfinished } from './is-unfinished.ts';
import { buildCatalogue, completeLine } from './line-completion.ts';
import { PROMPT_HELP, parsePromptCommand } from './prompt-command.ts';
import { loadHistory, MAX_HISTORY, saveHistory } from './query-history.ts';
import { type RunFlags, runQuery } from './run-query.ts';

const PROMPT = 'clew> ';
const NEXT_LINE_PROMPT = '   …> ';
/** Rows of a trace shown by :trace. */
const MAX_TRACE_ROWS = 500;

export interface PromptOptions {
  readonly keyboard: Keyboard;
  readonly flags: RunFlags;
  readonly historyFile: string;
}

/** `clew query` without a query on a terminal: asks for one after the other until Ctrl-D. @returns the exit code. */
export async function promptQueries(terminal: Terminal, client: ClewClient, options: PromptOptions): Promise<number> {
  const prompt = new QueryPrompt(terminal, client, options);
  await prompt.run();
  return EXIT_OK;
}

class QueryPrompt {
  readonly #terminal: Terminal;
  readonly #client: ClewClient;
  readonly #historyFile: string;
  readonly #lines: Interface;
  #flags: RunFlags;
  /** Lines of the query above the present one, each with its line break. */
  #before = '';
  #isRunning = false;

  constructor(terminal: Terminal, client: ClewClient, { keyboard, flags, historyFile }: PromptOptions) {
    this.#terminal = terminal;
    this.#client = client;
    this.#flags = flags;
    this.#historyFile = historyFile;
    const catalogue = buildCatalogue(client, () => this.#flags.sinceMs);
    this.#lines = createInterface({
      ...keyboard,
      prompt: PROMPT,
      terminal: true,
      history: loadHistory(historyFile),
      historySize: MAX_HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        if (line.startsWith(':')) done(null, [[], line]);
        else void completeLine(this.#before, line, catalogue).then((result) => done(null, result));
      },
    });
  }

  async run(): Promise<void> {
    const { colors } = this.#terminal;
    this.#terminal.err(colors.dim('TraceQL, TAB completes, :help says more, Ctrl-D leaves.\n'));
    this.#lines.on('history', (history: readonly string[]) => saveHistory(this.#historyFile, history));
    this.#lines.on('SIGINT', () => this.#interrupt());
    await new Promise<void>((resolve) => {
      this.#lines.on('close', resolve);
      this.#lines.on('line', (line) => void this.#take(line));
      this.#lines.prompt();
    });
  }

  #interrupt(): void {
    // A query that runs is left alone: its answer is on its way, and readline keeps what is typed meanwhile.
    if (this.#isRunning) return;
    this.#before = '';
    this.#terminal.err('^C\n');
    this.#lines.setPrompt(PROMPT);
    // Clears the line as well.
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
    this.#lines.prompt();
  }

  async #take(line: string): Promise<void> {
    const isCommand = this.#before === '' && line.trimStart().startsWith(':');
    const text = this.#before + line;
    // An empty line ends a query that seems unfinished: what is wrong with it is then said.
    if (!isCommand && line.trim() !== '' && isUnfinished(text)) {
      this.#before = `${text}\n`;
      this.#lines.setPrompt(NEXT_LINE_PROMPT);
      this.#lines.prompt();
      return;
    }
    this.#before = '';
    this.#lines.setPrompt(PROMPT);
    this.#isRunning = true;
    this.#lines.pause();
    try {
      if (isCommand) await this.#command(line);
      else if (text.trim() !== '') await runQuery(this.#terminal, this.#client, text.trim(), this.#flags);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#terminal.err(`${this.#terminal.colors.red(message)}\n`);
    } finally {
      this.#isRunning = false;
    }
    this.#lines.resume();
    this.#lines.prompt();
  }

  async #command(line: string): Promise<void> {
    const command = parsePromptCommand(line, this.#flags);
    switch (command.kind) {
      case 'set':
        this.#flags = command.flags;
        this.#terminal.err(this.#terminal.colors.dim(`${command.said}\n`));
        return;
      case 'mistake':
        this.#terminal.err(`${this.#terminal.colors.red(command.said)}\n`);
        return;
      case 'help':
        this.#terminal.err(PROMPT_HELP);
        return;
      case 'quit':
        this.#lines.close();
        return;
      case 'trace': {
        const flags = { maxDepth: Number.POSITIVE_INFINITY, maxRows: MAX_TRACE_ROWS, onlyErrors: false, json: false };
        await showTrace(this.#terminal, this.#client, command.traceId, flags);
      }
    }
  }
}
