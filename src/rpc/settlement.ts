/** The last step of a call of ours: what its answer comes to. */
import { QueuedTask } from '../core/task.js';
import type { TaskRunner } from '../core/task.js';
import { thrownIn } from './error-wire.js';
import { PendingCall } from './pending-call.js';
import type { AnswerMessage } from './protocol.js';
import { freeScope } from './session-parts.js';
import type { Arrival, Scope } from './session-parts.js';

/** Who holds what was given with calls. */
export interface CallHolder {
  /** Lets go of it. */
  letGo(call: PendingCall): void;
}

/** The answer to a call, as a task of the call's priority. */
export class Settlement extends QueuedTask {
  static readonly kept: Settlement = new Settlement(PendingCall.kept, null as never, null, null as never);

  constructor(
    private readonly call: PendingCall,
    private readonly message: AnswerMessage,
    /** Of its marks; `null` where it has none. */
    private readonly arrival: Arrival | null,
    private readonly holder: CallHolder,
  ) {
    super();
  }

  execute(runner: TaskRunner): void {
    runner.letJobsRun();
    const { call, message } = this;
    call.state = 'settled';
    if (message.op === 'void') return call.resolve(undefined);
    if (message.op === 'fail') return call.reject(thrownIn(message, call.site));
    const { arrival } = this;
    const { second: marks } = message;
    try {
      const body = message.openBody();
      if (arrival === null || marks === 0) call.resolve(body);
      else call.resolve(arrival.revive([body], marks, resultScope(call))[0]);
    } catch (error) {
      message.dispose();
      arrival?.refuse(marks);
      this.holder.letGo(call);
      call.reject(error);
    }
  }

  discard(): void {
    // Never cancelled.
  }
}

/** Of what came with a result: remotes last until they are released, streams also end with the call's signals. */
function resultScope({ rank, found }: PendingCall): Scope {
  const scope = freeScope(rank);
  if (found === null) return scope;
  const { signals, streamEnded } = found;
  return { ...scope, signals, ...(streamEnded === null ? {} : { streamEnded }) };
}
