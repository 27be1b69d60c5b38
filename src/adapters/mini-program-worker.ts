/**
 * Inside a mini-program's worker: a global `worker` with `postMessage` and `onMessage`, timers, ECMAScript, no `wx`.
 */
import type { Host } from '../host/host.js';
import type { Pipe } from '../host/pipe.js';
import type { Ambient, MiniProgramWorkerScope } from './ambient.js';
import { isText, readCarried, toText } from './carrier.js';
import { createForegroundApp, createNoThreads, createTime, noTurns } from './ecmascript.js';
import { Inbox } from './inbox.js';
import { chooseDetach, chooseTurns, timerMacrotask, triedClock } from './ladder.js';

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
    },
    send: (message) => scope.postMessage(asText ? toText(message) : message),
    listen: (events) => inbox.listen(events),
    // A worker cannot end itself here: it goes quiet, and the logic layer terminates it.
    close: () => void inbox.close(),
  };
}

/** The host inside a mini-program's worker. Which family it belongs to is not to be seen from inside. */
export function createMiniProgramWorkerHost(scope: MiniProgramWorkerScope, ambient: Ambient): Host {
  const parent = createParentPipe(scope);
  return {
    name: 'wx',
    time: createTime(ambient, triedClock(ambient, undefined)),
    turns: chooseTurns(ambient, (microtask) => timerMacrotask(ambient, microtask ?? noTurns), null),
    app: createForegroundApp(ambient),
    threads: { ...createNoThreads('wx'), parent: () => parent },
    detach: chooseDetach(ambient),
  };
}
