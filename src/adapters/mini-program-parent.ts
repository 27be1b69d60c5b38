/** Inside a mini-program's worker: the pipe to the logic layer. */
import type { HostThreads } from '../host/host.js';
import type { Pipe } from '../host/pipe.js';
import type { MiniProgramWorkerScope } from './ambient-elsewhere.js';
import type { Ambient } from './ambient.js';
import { isText, readCarried, toText } from './carrier.js';
import { Inbox } from './inbox.js';
import { findWorkerScope } from './mini-program-worker.js';
import { createNoThreads } from './no-threads.js';

function createParentPipe(scope: MiniProgramWorkerScope): Pipe {
  const inbox = new Inbox();
  // The other end chooses the carrier by what it knows of its platform; we answer in kind.
  let asText = false;
  // At once: an iOS client before 2.21.1 does not run a worker that has registered no listener.
  scope.onMessage((received) => {
    asText = isText(received);
    inbox.receive(readCarried(received));
  });
  return {
    traits: {
      get binary() {
        return !asText;
      },
      transfer: false,
      bare: false,
    },
    send: (message) => scope.postMessage(asText ? toText(message) : message),
    listen: (events) => inbox.listen(events),
    // A worker cannot end itself here: it goes quiet, and the logic layer terminates it.
    close: () => void inbox.close(),
  };
}

/** The threads of a mini-program's worker; `null` elsewhere. */
export function createMiniProgramWorkerThreads(ambient: Ambient): HostThreads | null {
  const scope = findWorkerScope(ambient);
  if (scope === undefined) return null;
  const parent = createParentPipe(scope);
  return { ...createNoThreads('wx'), parent: () => parent };
}
