/**
 * The browser's own functions, taken before the mini-program can see or replace anything. The runtime uses these; the
 * globals of the same names are the mini-program's.
 */
export const native = {
  setTimeout: self.setTimeout.bind(self),
  clearTimeout: self.clearTimeout.bind(self),
  now: self.performance.now.bind(self.performance),
  timeOrigin: self.performance.timeOrigin,
  MessageChannel: self.MessageChannel,
  Worker: self.Worker,
  fetch: self.fetch.bind(self),
  createImageBitmap: self.createImageBitmap.bind(self),
  post: self.postMessage.bind(self),
  requestFrame:
    typeof self.requestAnimationFrame === 'function' ? self.requestAnimationFrame.bind(self) : null,
  cancelFrame: typeof self.cancelAnimationFrame === 'function' ? self.cancelAnimationFrame.bind(self) : null,
  console: {
    log: self.console.log.bind(self.console),
    info: self.console.info.bind(self.console),
    warn: self.console.warn.bind(self.console),
    error: self.console.error.bind(self.console),
    debug: self.console.debug.bind(self.console),
  },
} as const;
