import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_SILENT_PROBES, MAX_UNANSWERED_PROBES } from './engine-limits.ts';
import { EngineWatch } from './engine-watch.ts';

const children: ChildProcess[] = [];
const watches: EngineWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that answers probes as `answer`, a function body with `say` and `count`, tells it to. */
async function watched(answer: string): Promise<{ child: ChildProcess; watch: EngineWatch; hang: Promise<string> }> {
  const source = `let count = 0; const say = (type) => process.send({ type });
    process.on('message', () => { count++; ${answer} }); say('up');`;
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  await once(child, 'message');
  let report: (problem: string) => void = () => undefined;
  const hang = new Promise<string>((resolve) => {
    report = resolve;
  });
  const watch = new EngineWatch({ child, onHang: (problem) => report(problem), intervalMs: 10 });
  watches.push(watch);
  return { child, watch, hang };
}

describe('EngineWatch', () => {
  it('reports a process that is stopped, after so many questions', async () => {
    const { child, watch, hang } = await watched(`say('alive'); say('answered');`);
    await once(child, 'message');
    expect(watch.isResponsive).toBe(true);
    child.kill('SIGSTOP');
    expect(await hang).toContain(`${MAX_SILENT_PROBES} times in a row`);
    expect(watch.isResponsive).toBe(false);
  });

  it('reports a process that passes messages on while its library answers nothing', async () => {
    const { hang } = await watched(`say('alive');`);
    expect(await hang).toContain(`asked ${MAX_UNANSWERED_PROBES} times`);
  });

  it('leaves one alone that answers late', async () => {
    const { child, hang } = await watched(`if (count % 8 === 0) say('alive'); if (count % 40 === 0) say('answered');`);
    let answered = 0;
    child.on('message', (message: { type: string }) => {
      if (message.type === 'answered') answered++;
    });
    const first = await Promise.race([
      hang,
      new Promise<string>((resolve) => {
        child.on('message', () => answered === 4 && resolve('alive'));
      }),
    ]);
    expect(first).toBe('alive');
  });
});
