/** The process in which one layer is measured; writes its figures as JSON. */
import { measure } from './measure.js';
import type { Figures, Operation } from './measure.js';
import { channelOperations } from './operations/channel.js';
import { codecOperations } from './operations/codec.js';
import { goOperations } from './operations/go.js';
import { poolOperations } from './operations/pool.js';
import { rpcOperations } from './operations/rpc.js';
import { schedulerOperations } from './operations/scheduler.js';

const layers: Readonly<Record<string, readonly Operation[]>> = {
  scheduler: schedulerOperations,
  channel: channelOperations,
  codec: codecOperations,
  rpc: rpcOperations,
  go: goOperations,
  pool: poolOperations,
};

async function main(): Promise<void> {
  const figures: Record<string, Figures> = {};
  for (const operation of layers[process.argv[2] ?? ''] ?? [])
    figures[operation.name] = await measure(operation);
  process.stdout.write(JSON.stringify(figures));
}

void main();
