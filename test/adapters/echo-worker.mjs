// A plain Node worker: sends back what it gets; `exit` and `throw` end it.
import { parentPort } from 'node:worker_threads';

parentPort.postMessage('ready');
parentPort.on('message', (message) => {
  if (message === 'exit') process.exit(0);
  if (message === 'throw') throw new Error('thrown in the worker');
  parentPort.postMessage(message);
});
