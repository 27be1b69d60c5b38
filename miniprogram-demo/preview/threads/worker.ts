/** The thread behind `wx.createWorker`: runs the files of the workers directory and nothing else. */
import { pack, unpack } from '../shared/carrier.js';
import type { Carrier, LogicToWorker, WorkerToLogic } from '../shared/protocol.js';
import { createConsole } from './console.js';
import { createModules } from './modules.js';
import { native } from './native.js';
import { hideBrowser } from './strict.js';
import { timerGlobals } from './timers.js';
import { onTurnError, runTurn, shareClock, takeSamples } from './turns.js';

type Listener = (message: unknown) => void;

const sampleEveryMs = 100;
const importFiles = self.importScripts.bind(self);
const listeners = new Set<Listener>();
/** What arrived before the mini-program listened waits, as on a device. */
const waiting: unknown[] = [];
let carrier: Carrier = 'json';

function tell(message: WorkerToLogic): void {
  native.post(message);
}

function report(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  native.console.error(error);
  tell({ type: 'error', message, stack: stack ?? '' });
}

const workerGlobal = {
  postMessage(message: unknown): void {
    tell({ type: 'message', packet: pack(message, carrier) });
  },
  onMessage(listener: Listener): void {
    listeners.add(listener);
    for (const message of waiting.splice(0)) listener(message);
  },
  testOnProcessKilled(): void {
    tell({ type: 'test-killed' });
  },
  env: {},
};

function receive(message: unknown): void {
  if (listeners.size === 0) waiting.push(message);
  for (const listener of listeners) listener(message);
}

function start(path: string, files: readonly string[], strict: boolean): void {
  const folder = path.split('/')[0] ?? '';
  const modules = createModules((file) => file.startsWith(`${folder}/`));
  if (strict) hideBrowser();
  Object.assign(self, {
    ...timerGlobals,
    __preview: { define: modules.define },
    console: createConsole('worker', (line) => {
      tell({ type: 'log', line });
    }),
    worker: workerGlobal,
  });
  runTurn('start', () => {
    for (const file of files) importFiles(`/app/script/${file}${strict ? '' : '?strict=0'}`);
    modules.run(path.endsWith('.js') ? path : `${path}.js`);
  });
}

onTurnError(report);
self.addEventListener('unhandledrejection', (event) => {
  report(event.reason);
});
self.addEventListener('message', ({ data }: MessageEvent<LogicToWorker>) => {
  if (data.type === 'start') {
    shareClock(data.clock, 1);
    start(data.path, data.files, data.strict);
  } else if (data.type === 'carrier') carrier = data.carrier;
  else
    runTurn('message', () => {
      receive(unpack(data.packet));
    });
});

function deliverSamples(): void {
  const turns = takeSamples();
  if (turns.length > 0) tell({ type: 'samples', turns });
  native.setTimeout(deliverSamples, sampleEveryMs);
}
deliverSamples();
