/** The examples of the guide, taken from it as they stand. */
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as entry from '../../src/pool.js';
import { asJobs } from '../../src/pool/job-code.js';
import { expose } from '../../src/rpc/expose.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';
import { PoolStage } from './pool-stage.js';

const stage = PoolStage.perTest();

function examplesOf(name: string): string[] {
  const text = readFileSync(`docs/${name}`, 'utf8');
  return Array.from(text.matchAll(/```js\n([\s\S]*?)```/g), ([, code = '']) => code);
}

const english = examplesOf('pool.md');
const chinese = examplesOf('pool.zh-CN.md');
const [jobsFile = '', workerFile = '', logic = '', limits = '', shaved = '', durable = '', stats = ''] =
  english;

/** Runs an example as the body of an async function and gives what it names. */
function run(code: string, names: string, scope: Record<string, unknown>): Promise<unknown[]> {
  const body = `return (async () => { ${code}\nreturn [${names}]; })();`;
  const compiled = compileFunction(body, Object.keys(scope)) as (...given: unknown[]) => Promise<unknown[]>;
  return compiled(...Object.values(scope));
}

const jobs = {};
(compileFunction(jobsFile, ['exports']) as (exports: object) => void)(jobs);
const console = { log: (...values: unknown[]) => stage.host.note(values.join(' ')) };

describe('the guide to pools', () => {
  it('has the same examples in both languages, but for comments', () => {
    const bare = (examples: string[]): string[] => examples.map((code) => code.replace(/ *\/\/.*$/gm, ''));
    expect(bare(chinese)).toEqual(bare(english));
    expect(english).toHaveLength(7);
  });

  it('has examples that work', async () => {
    const { host } = stage;
    host.defineWorker('workers/index.js', (pipe) => {
      const scope = new WorkerScope();
      scope.connect(pipe);
      const runtime = { asJobs, expose: (api: object) => expose(api, scope) };
      void run(workerFile, '', { require: (name: string) => (name.includes('mp-lanes') ? runtime : jobs) });
    });
    const require = (name: string): unknown => (name === 'mp-lanes/pool' ? entry : jobs);
    const cities = [{ name: 'paris' }, { name: 'rome' }];
    const made = run(logic, 'pool, total, rows', { require, cities });
    await host.runUntilIdle();
    const [pool, total, rows] = (await made) as [entry.Pool<object>, number, object[]];
    expect([total, rows]).toEqual([6, [{ name: 'paris' }]]);
    await run(stats, '', { pool, console });
    expect(host.takeLog()).toHaveLength(2);
    const others = await run(limits + shaved + durable, 'busy, shaved, durable', { ...entry, console });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual([]);
    for (const each of [pool, ...(others as entry.Pool<object>[])]) void each.close();
    await host.runUntilIdle();
  });
});
