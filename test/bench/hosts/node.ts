/**
 * Node: one child process that may collect its garbage on demand. And once more without a compiler (`--jitless`, which is for
 * all threads of a process), as iOS gives it to the logic layer of a mini-program: there only the interpreter's speed counts.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { bundleSuite, bundleThread, cacheFolder } from '../bundle.js';
import type { HostName } from '../harness/kit.js';
import type { Settings, SuiteResult } from '../harness/result.js';
import type { Host, HostJob } from './host.js';

const JITLESS_BUDGET_MS = 5_000;

/** What the child tells. */
export type NodeMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'result'; readonly result: SuiteResult }
  | { readonly type: 'failure'; readonly text: string };

/** What a host of this kind is called, and what its process is started with. */
interface Kind {
  readonly name: HostName;
  readonly title: string;
  readonly flags: readonly string[];
  settings(this: void, given: Settings): Settings;
}

async function run(
  kind: Kind,
  { suite, module, threads, settings, onProgress }: HostJob,
): Promise<SuiteResult> {
  const file = join(cacheFolder, `${suite}-node.cjs`);
  await bundleSuite(module, 'node', file);
  for (const [name, thread] of Object.entries(threads)) {
    await bundleThread(thread, 'node', join(cacheFolder, `${suite}-node-${name}.cjs`));
  }
  const child = fork(file, [JSON.stringify(kind.settings(settings))], {
    execArgv: ['--expose-gc', '--no-flush-bytecode', ...kind.flags],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message: NodeMessage) => {
      if (message.type === 'progress') onProgress(message.text);
      else if (message.type === 'result') resolve({ ...message.result, host: kind.name });
      else reject(new Error(message.text));
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`the process ended with ${String(code)} before it had a result`));
    });
  });
}

function hostOf(kind: Kind): Host {
  return {
    name: kind.name,
    title: kind.title,
    unavailable: () => Promise.resolve(null),
    run: (job) => run(kind, job),
  };
}

export const nodeHost = hostOf({ name: 'node', title: 'Node', flags: [], settings: (given) => given });

/** All is several times slower, so the plans are the short ones, with the time for some rounds of each. */
export const jitlessHost = hostOf({
  name: 'jitless',
  title: 'Node without JIT',
  // The second flag only keeps Node from saying that the first implies it.
  flags: ['--jitless', '--no-expose-wasm'],
  settings: ({ quick }) => ({ quick: true, leastBudgetMs: quick ? 0 : JITLESS_BUDGET_MS }),
});
