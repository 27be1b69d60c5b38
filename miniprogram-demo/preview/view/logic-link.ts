/** The view's line to the logic thread. */
import type { Inspection, LogicToView, StartMessage, ViewToLogic } from '../shared/protocol.js';
import type { Dialogs } from './dialogs.js';
import { createCalls } from './calls.js';
import type { Frame } from './frame.js';
import { now } from './stats.js';
import type { Stats } from './stats.js';
import type { Tree } from './tree.js';

/** What messages act on. */
export interface ViewParts {
  readonly tree: Tree;
  readonly frame: Frame;
  readonly dialogs: Dialogs;
  readonly stats: Stats;
  readonly log: (line: Extract<LogicToView, { type: 'log' }>['line']) => void;
}

export class LogicLink {
  private readonly thread: Worker;
  private readonly inspections = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  private lastInspection = 0;
  private parts: ViewParts | null = null;
  private calls: Record<string, (...parameters: never[]) => unknown> = {};

  constructor(strict: boolean) {
    this.thread = new Worker(`/runtime/logic.js${strict ? '' : '?strict=0'}`, { name: 'logic' });
  }

  /** Connects the parts and starts the mini-program. */
  start(parts: ViewParts, message: Omit<StartMessage, 'type'>): void {
    this.parts = parts;
    this.calls = createCalls(parts.tree, parts.frame, parts.dialogs);
    this.thread.addEventListener('message', ({ data }: MessageEvent<LogicToView>) => {
      this.receive(data, parts);
    });
    this.thread.addEventListener('error', (event) => {
      parts.log({
        thread: 'logic',
        level: 'error',
        text: event.message || 'The logic layer could not start: see the terminal',
      });
    });
    this.post({ type: 'start', ...message });
  }

  send = (message: ViewToLogic): void => {
    if (this.parts !== null) this.parts.stats.counters.messages++;
    this.post(message);
  };

  sendEvent = (
    node: number,
    event: string,
    detail: unknown,
    { bubbles, fields = {} }: { readonly bubbles: boolean; readonly fields?: Record<string, unknown> },
  ): void => {
    const sequence = this.parts?.stats.sent(event) ?? 0;
    // The view's own time, as on a device: a page can tell by it how long an event waited for the logic layer.
    const stamped = { timeStamp: Math.round(performance.now()), ...fields };
    this.post({ type: 'event', sequence, node, event, detail: plain(detail), bubbles, fields: stamped });
  };

  inspect(inspection: Inspection): Promise<unknown> {
    const id = ++this.lastInspection;
    return new Promise((resolve, reject) => {
      this.inspections.set(id, { resolve, reject });
      this.post({ type: 'inspect', id, inspection });
    });
  }

  private post(message: ViewToLogic, transfer: Transferable[] = []): void {
    this.thread.postMessage(message, transfer);
  }

  private receive(message: LogicToView, { tree, frame, stats, log }: ViewParts): void {
    switch (message.type) {
      case 'operations':
        tree.apply(message.operations);
        stats.counters.operations += message.operations.length;
        stats.answered(message.answers);
        if (message.renders.length > 0) void this.afterDrawing(message.renders, frame);
        break;
      case 'page-open': {
        const place = document.createElement('wx-page-place');
        tree.adopt(message.shell.root, place);
        frame.open(message.shell, place);
        break;
      }
      case 'page-close':
        frame.close(message.id);
        break;
      case 'page-show':
        frame.show(message.id, message.depth);
        break;
      case 'title':
        frame.page(message.id)?.setTitle(message.title);
        break;
      case 'bar-color':
        frame.page(message.id)?.setBarColor(message.front, message.back);
        frame.dress();
        break;
      case 'call':
        void this.answer(message, frame);
        break;
      case 'samples':
        stats.add(message);
        break;
      case 'worker-state':
        stats.worker = { state: message.state, detail: message.detail };
        break;
      case 'log':
        log(message.line);
        break;
      case 'inspected':
        this.inspected(message);
        break;
      case 'ready':
        frame.setTabs(message.tabs, message.tabBar);
        stats.readyMs = now();
        break;
    }
  }

  private async afterDrawing(ids: readonly number[], frame: Frame): Promise<void> {
    await frame.styled();
    requestAnimationFrame(() => {
      this.send({ type: 'rendered', ids });
    });
  }

  private async answer(
    { id, method, argument }: Extract<LogicToView, { type: 'call' }>,
    frame: Frame,
  ): Promise<void> {
    try {
      await frame.styled();
      const value = await this.calls[method]?.(...(argument as never[]));
      this.post({ type: 'reply', id, value }, value instanceof OffscreenCanvas ? [value] : []);
    } catch (error) {
      this.post({
        type: 'reply',
        id,
        value: null,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  private inspected({ id, value, error }: Extract<LogicToView, { type: 'inspected' }>): void {
    const waiting = this.inspections.get(id);
    this.inspections.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }
}

/** Details of events are data; what cannot cross is left out. */
function plain(detail: unknown): unknown {
  return detail === undefined || detail === null ? {} : (JSON.parse(JSON.stringify(detail)) as unknown);
}
