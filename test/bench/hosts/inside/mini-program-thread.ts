/** Inside the preview's worker; and what both ends of a bare `wx.createWorker` have in common. */
import type { RawPipe, Serve } from '../../harness/kit.js';

/** The members that both ends have. */
export interface WxEnd {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

declare const worker: WxEnd;

/** Nothing can be transferred over it. */
export function wxPipe(end: WxEnd): RawPipe {
  let listener: ((message: unknown) => void) | null = null;
  return {
    post: (message) => end.postMessage(message),
    listen(added) {
      if (listener === null) end.onMessage((message) => listener?.(message));
      listener = added;
    },
  };
}

export function start(serve: Serve): void {
  serve({
    host: 'preview',
    parent: wxPipe(worker),
    native: worker,
    pipeOf() {
      throw new Error('a mini-program has no native port');
    },
  });
}
