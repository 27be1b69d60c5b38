/** How a `Worker` is started and looked after: the options as users give them, and as they are read. */
import { refuseArgument } from '../core/bad-argument.js';
import { dictionary, isObject } from '../core/webidl.js';
import type { Members } from '../core/webidl.js';
import type { WorkerScope } from './worker-scope.js';

/** How often a worker that died is started again. */
export interface RestartOptions {
  /** Restarts within `windowMs`, an integer from 1 up, or `Infinity`. @defaultValue 3 */
  readonly budget?: number;
  /** Milliseconds, above 0. @defaultValue 60000 */
  readonly windowMs?: number;
  /**
   * Milliseconds in the foreground before the first restart of a window, 0 to 5000; twice as many before each further one,
   * 5000 at most. @defaultValue 100
   */
  readonly backoffMs?: number;
}

/** How a worker is started and looked after. */
export interface WorkerOptions {
  /** Web: whether the file is a module. @defaultValue `'classic'` */
  readonly type?: 'classic' | 'module';
  /** A name for debugging. @defaultValue none */
  readonly name?: string;
  /**
   * WeChat: a worker with JIT on iOS, which the system may kill when memory is short; then it is started again.
   * @defaultValue `false`
   * @see https://developers.weixin.qq.com/miniprogram/dev/framework/workers.html
   */
  readonly useExperimentalWorker?: boolean;
  /**
   * WeChat: the workers directory is a subpackage (`"workers": {"path": "workers", "isSubpackage": true}` in `app.json`),
   * which is fetched first; `progress` events tell how far that is. Does nothing elsewhere, and on clients that cannot
   * fetch it (before 2.27.3) the worker is started at once. @defaultValue `false`
   * @see https://developers.weixin.qq.com/miniprogram/dev/api/base/subpackage/wx.preDownloadSubpackage.html
   */
  readonly subpackage?: boolean;
  /**
   * Web and Node: small messages travel through memory that both threads share. It pays for streams of messages that leave
   * in many turns; one call and its answer take as long as without it. Large messages, buffers, and everything where the
   * page is not cross-origin isolated or the worker's file is of another build, travel as without it; order is kept.
   * Takes 2 MiB a worker. @defaultValue `false`
   * @see https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated
   */
  readonly sharedMemory?: boolean;
  /** Whether the thread starts at once, or with the first message, call or look at `ready`. @defaultValue `'eager'` */
  readonly start?: 'eager' | 'lazy';
  /**
   * Milliseconds in the foreground until the worker must have answered, or a subpackage on its way must have made progress,
   * above 0; `Infinity` waits for ever. @defaultValue 10000
   */
  readonly startTimeoutMs?: number;
  /** Whether, and how often, a worker that died is started again. @defaultValue `true`, which is `{}` */
  readonly restart?: boolean | RestartOptions;
  /**
   * The worker's code as a function, for where no worker can be had: the host has none, the start is refused, or the budget
   * of restarts is used up. It runs on this thread, and is given what `self` is in a worker's file. @defaultValue none:
   * then the worker fails
   * @example
   * ```js
   * new Worker('workers/index.js', { inline: (scope) => expose(require('./shared/api.js'), scope) });
   * ```
   */
  readonly inline?: (scope: WorkerScope) => unknown;
  /**
   * Milliseconds in the foreground between two questions whether the worker is alive, above 0; `Infinity` asks never. One of
   * which nothing is heard from one question to the next, because it loops or hangs, is ended and started again: it must let
   * messages in at least that often. @defaultValue 10000
   */
  readonly heartbeatMs?: number;
  /**
   * Milliseconds without a message either way, a pending call or an open port, above 0, after which the worker is stopped
   * (within a quarter more); it starts again with the next message or call, as a fresh one. @defaultValue `Infinity`: never
   */
  readonly idleTimeoutMs?: number;
}

/** The limits of restarts, all of them. */
export type RestartLimits = Required<RestartOptions>;

/** The longest wait before a restart. */
export const maxBackoffMs = 5000;

/** What was made of the options. */
export interface WorkerSettings {
  readonly file: string;
  /** What is handed on to the host. */
  readonly given: WorkerOptions;
  readonly isLazy: boolean;
  readonly restart: RestartLimits | null;
  readonly inline: ((scope: WorkerScope) => unknown) | null;
  readonly startTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
}

/**
 * @throws TypeError for a `url` that is neither text nor a URL
 * @throws LanesError `ERR_INVALID_ARGUMENT` for an option out of its range
 */
export function readSettings(url: unknown, options: unknown): WorkerSettings {
  const given = dictionary(options);
  const { start = 'eager', inline = null, restart = true } = given;
  if (start !== 'eager' && start !== 'lazy') refuseArgument('start', '"eager" or "lazy"', start);
  if (inline !== null && typeof inline !== 'function') refuseArgument('inline', 'a function', inline);
  if (typeof restart !== 'boolean' && !isObject(restart))
    refuseArgument('restart', 'true, false or an object', restart);
  return {
    file: readUrl(url),
    given,
    isLazy: start === 'lazy',
    restart: restart === false ? null : readRestart(restart as Members),
    inline: inline as WorkerSettings['inline'],
    startTimeoutMs: read(given, 'startTimeoutMs', 10_000),
    heartbeatMs: read(given, 'heartbeatMs', 10_000),
    idleTimeoutMs: read(given, 'idleTimeoutMs', Infinity),
  };
}

/** @throws TypeError for what is neither text nor a URL */
export function readUrl(url: unknown): string {
  if (typeof url === 'string' && url !== '') return url;
  const { href } = Object(url) as { readonly href?: unknown };
  if (typeof href === 'string' && href !== '') return href;
  throw new TypeError(`new Worker: not the path or URL of a file: ${String(url)}`);
}

/** Of `true`, too, which has no members. */
function readRestart(given: Members): RestartLimits {
  return {
    budget: read(given, 'budget', 3, (n) => n >= 1 && (n % 1 === 0 || n === Infinity), 'an integer above 0'),
    windowMs: read(given, 'windowMs', 60_000),
    backoffMs: read(
      given,
      'backoffMs',
      100,
      (n) => n >= 0 && n <= maxBackoffMs,
      `from 0 to ${maxBackoffMs} ms`,
    ),
  };
}

function read(
  given: Members,
  name: string,
  byDefault: number,
  fits = (n: number): boolean => n > 0,
  wanted = 'a number of milliseconds above 0',
): number {
  const { [name]: value = byDefault } = given;
  return typeof value === 'number' && fits(value) ? value : refuseArgument(name, wanted, value);
}
