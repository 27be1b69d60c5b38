/** Node: one child process that may collect its garbage on demand. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { bundleSuite, bundleThread, cacheFolder } from '../bundle.js';
import type { SuiteResult } from '../harness/result.js';
import type { Host, HostJob } from './host.js';

/** What the child tells. */
export type NodeMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'result'; readonly result: SuiteResult }
  | { readonly type: 'failure'; readonly text: string };

async function run({ suite, module, threads, settings, onProgress }: HostJob): Promise<SuiteResult> {
  const file = join(cacheFolder, `${suite}-node.cjs`);
  await bundleSuite(module, 'node', file);
  for (const [name, thread] of Object.entries(threads)) {
    await bundleThread(thread, 'node', join(cacheFolder, `${suite}-node-${name}.cjs`));
  }
  const child = fork(file, [JSON.stringify(settings)], { execArgv: ['--expose-gc', '--no-flush-bytecode'] });
  return new Promise((resolve, reject) => {
    child.on('message', (message: NodeMessage) => {
      if (message.type === 'progress') onProgress(message.text);
      else if (message.type === 'result') resolve(message.result);
      else reject(new Error(message.text));
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`the process ended with ${String(code)} before it had a result`));
    });
  });
}

export const nodeHost: Host = {
  name: 'node',
  title: 'Node',
  unavailable: () => Promise.resolve(null),
  run,
};
