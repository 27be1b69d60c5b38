/** A worker file in Node that answers, with how often it did, loops for ever, or ends its thread. */
import { self } from '../../src/worker.js';

let answers = 0;

self.onmessage = ({ data }) => {
  if (data === 'exit') process.exit(0);
  if (data === 'throw')
    setImmediate(() => {
      throw new Error('uncaught');
    });
  if (data === 'close') self.close();
  // The thread lets nothing in any more, and cannot be asked to stop.
  while (data === 'loop');
  if (!['throw', 'close'].includes(data as string)) self.postMessage([data, ++answers]);
};
