/** Ctrl-C at the prompt, before a server that answers when the test lets it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { SearchAnswer } from '@clew/contract';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClewClient } from '../api/clew-client.ts';
import { promptQueries } from './query-prompt.ts';

const CTRL_C = '\u0003';
const WAIT = { timeout: 20_000, interval: 5 };

let server: Server;
let home: string;
/** Queries that have come and whose answer is held back. */
let held: { readonly query: string; readonly response: ServerResponse; isGone: boolean }[];

beforeEach(async () => {
  held = [];
  home = mkdtempSync(join(tmpdir(), 'clew-prompt-'));
  server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://clew').searchParams.get('q') ?? '';
    const one = { query, response, isGone: false };
    held.push(one);
    response.on('close', () => {
      one.isGone = !response.writableEnded;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true });
});

function answer(at: number): void {
  const statistics = { rowsRead: 7, bytesRead: 7, elapsedMs: 1, complete: true };
  held[at].response.end(JSON.stringify({ traces: [], statistics } satisfies SearchAnswer));
}

function openPrompt() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown = { err: '', screen: '' };
  output.on('data', (chunk: Buffer) => {
    shown.screen += chunk.toString();
  });
  const terminal = {
    out: () => undefined,
    err: (text: string) => {
      shown.err += text;
    },
    columns: 120,
    isTty: true,
    colors: pc.createColors(false),
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ended = promptQueries(terminal, new ClewClient({ url, timeoutMs: 600_000 }), {
    keyboard: { input, output },
    flags: { sinceMs: 3_600_000, limit: 5, stepMs: undefined, spans: false, json: false, explain: false },
    historyFile: join(home, 'history'),
  });
  const prompts = (): number => shown.screen.split('clew> ').length - 1;
  return { type: (text: string) => input.write(text), shown, ended, prompts };
}

const until = (check: () => void) => vi.waitFor(check, WAIT);

describe('Ctrl-C at the prompt of clew query', () => {
  it('stops the query that runs, gives the prompt back, and the next query is answered', async () => {
    const { type, shown, ended } = openPrompt();
    type('{ name = "slow" }\r');
    await until(() => expect(held).toHaveLength(1));
    type(CTRL_C);
    await until(() => expect(held[0].isGone).toBe(true));
    await until(() => expect(shown.err).toContain('^C\nstopped\n'));
    type('{ name = "next" }\r');
    await until(() => expect(held).toHaveLength(2));
    expect(held[1].query).toBe('{ name = "next" }');
    answer(1);
    await until(() => expect(shown.err).toContain('no trace matches (7 rows read'));
    type('\u0004');
    expect(await ended).toBe(0);
  });

  it('pressed twice leaves: from a running query as from an empty line', async () => {
    const first = openPrompt();
    first.type('{ }\r');
    await until(() => expect(held).toHaveLength(1));
    first.type(CTRL_C);
    await until(() => expect(first.shown.err).toContain('stopped'));
    first.type(CTRL_C);
    expect(await first.ended).toBe(0);
    const second = openPrompt();
    second.type(CTRL_C);
    await until(() => expect(second.shown.err).toContain('^C (again to leave)'));
    second.type(CTRL_C);
    expect(await second.ended).toBe(0);
  });

  it('throws away what is written, and does not leave when something was written in between', async () => {
    const { type, shown, ended, prompts } = openPrompt();
    type(CTRL_C);
    await until(() => expect(shown.err).toContain('again to leave'));
    type('{ name = "first half');
    await until(() => expect(shown.screen).toContain('first half'));
    const before = prompts();
    type(CTRL_C);
    await until(() => expect(prompts()).toBeGreaterThan(before));
    type('{ name = "whole" }\r');
    await until(() => expect(held).toHaveLength(1));
    expect(held[0].query).toBe('{ name = "whole" }');
    type('\u0004');
    expect(await ended).toBe(0);
    await until(() => expect(held[0].isGone).toBe(true));
  });

  it('keeps lines that are typed while a query runs, one after the other', async () => {
    const { type, ended } = openPrompt();
    type('{ name = "a" }\r{ name = "b" }\r');
    await until(() => expect(held).toHaveLength(1));
    type('{ name = "c" }\r');
    answer(0);
    await until(() => expect(held).toHaveLength(2));
    answer(1);
    await until(() => expect(held).toHaveLength(3));
    expect(held.map(({ query }) => query)).toEqual(['{ name = "a" }', '{ name = "b" }', '{ name = "c" }']);
    answer(2);
    type('\u0004');
    expect(await ended).toBe(0);
  });
});
