/** Ports within this thread, and to another. */
import { MessageChannel } from '../../../src/channel/message-port.js';
import type { MessagePort } from '../../../src/channel/message-port.js';
import type { Operation } from '../measure.js';
import type { Stage } from '../stage.js';
import { many } from './many.js';

const message = { id: 7, name: 'tea' };

/** What `far` hears is counted. */
async function heardPort(stage: Stage): Promise<MessagePort> {
  const [near, far] = await stage.openPort();
  far.onmessage = stage.tick;
  return near;
}

/** One message there and one back, again and again. */
function pingPong(
  name: string,
  times: number,
  open: (stage: Stage) => Promise<readonly MessagePort[]>,
): Operation {
  return {
    name,
    times,
    async prepare(stage) {
      const [near, far] = (await open(stage)) as readonly [MessagePort, MessagePort];
      far.onmessage = () => far.postMessage(message);
      near.onmessage = () => {
        if (++stage.done < times) near.postMessage(message);
      };
      return () => near.postMessage(message);
    },
  };
}

export const channelOperations: readonly Operation[] = [
  many('message within the thread', 10_000, 'queued', ({ tick }) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = tick;
    return () => port1.postMessage(message);
  }),
  many('message to another thread', 10_000, 'queued', async (stage) => {
    const near = await heardPort(stage);
    return () => near.postMessage(message);
  }),
  many('message of 64 kB', 160, undefined, async (stage) => {
    const near = await heardPort(stage);
    const text = 'x'.repeat(65_536);
    return () => near.postMessage(text);
  }),
  many('buffer of 1 kB, moved', 1_000, undefined, async (stage) => {
    const near = await heardPort(stage);
    return () => {
      const buffer = new ArrayBuffer(1024);
      near.postMessage(buffer, [buffer]);
    };
  }),
  pingPong('round trip within the thread', 1_000, async () => {
    const { port1, port2 } = new MessageChannel();
    return [port1, port2];
  }),
  pingPong('round trip to another thread', 1_000, (stage) => stage.openPort()),
  channelsKept(),
  many('port moved, and closed', 1_000, undefined, (stage) => {
    const [near, far] = stage.connect();
    far.heard = ({ ports: [port] }) => {
      port!.onmessage = () => port!.close();
    };
    return () => {
      const { port1, port2 } = new MessageChannel();
      near.post(null, [port2]);
      port1.onclose = stage.tick;
      port1.postMessage(0);
    };
  }),
];

/** What is held lies in a list, so that it is not collected before it is looked at. */
function channelsKept(): Operation {
  return many('MessageChannel', 1_000, 'queued', (stage) => {
    const channels: MessageChannel[] = [];
    return () => {
      channels.push(new MessageChannel());
      stage.done++;
    };
  });
}
