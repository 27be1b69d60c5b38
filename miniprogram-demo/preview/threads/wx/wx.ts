/** The `wx` object of the logic layer. */
import type { Manifest } from '../../shared/manifest.js';
import type { StartMessage } from '../../shared/protocol.js';
import { RouteError } from '../pages.js';
import type { Pages } from '../pages.js';
import { later, settle } from './callbacks.js';
import type { Callbacks } from './callbacks.js';
import { interfaceApi } from './interface.js';
import { request } from './request.js';
import { createSelectorQuery } from './selector-query.js';
import { storageApi } from './storage.js';
import { systemApi } from './system.js';
import type { AppState } from './system.js';
import { createWorker } from './worker.js';

/** What the API needs of the running mini-program. */
export interface WxParts {
  readonly start: StartMessage;
  readonly manifest: Manifest;
  readonly pages: Pages;
  readonly app: AppState;
}

type RouteOptions = Callbacks & { readonly url?: string; readonly delta?: number };

/** Builds `wx`. What a device has and the preview does not throws an error that names it when it is called. */
export function createWx(parts: WxParts): object {
  const { start, manifest, pages, app } = parts;
  const api: Record<string, unknown> = {
    ...systemApi(start),
    ...storageApi,
    ...interfaceApi(() => pages.current()),
    ...routeApi(pages),
    ...app.api(),
    request,
    createWorker: (path: unknown) =>
      createWorker(path, { manifest, strict: start.strict, clock: start.clock }),
    createSelectorQuery: () => createSelectorQuery(() => pages.current()?.instance),
    nextTick: later,
    getExtConfigSync: () => ({ ...manifest.ext }),
    onError: nothing,
    onUnhandledRejection: nothing,
    onMemoryWarning: nothing,
    offMemoryWarning: nothing,
    env: { USER_DATA_PATH: 'wxfile://usr' },
  };
  const supported = new Set(Object.keys(api));
  api['canIUse'] = (schema: string) => supported.has(schema.split('.')[0] ?? '');
  for (const name of manifest.apiNames) api[name] ??= unsupported(name);
  return api;
}

/** Code may look for it, as on a device; calling it says what is missing. */
function unsupported(name: string): () => never {
  return () => {
    throw new Error(`wx.${name} is not supported by the preview`);
  };
}

function routeApi(pages: Pages): Record<string, unknown> {
  const route =
    (name: string, act: (options: RouteOptions) => void) =>
    (options: RouteOptions = {}) =>
      settle(name, options, (outcome) => {
        later(() => {
          try {
            act(options);
            outcome.succeed();
          } catch (error) {
            outcome.fail(error instanceof Error ? error.message : String(error));
            if (!(error instanceof RouteError)) throw error;
          }
        });
      });
  return {
    navigateTo: route('navigateTo', ({ url = '' }) => {
      pages.navigateTo(url);
    }),
    redirectTo: route('redirectTo', ({ url = '' }) => {
      pages.redirectTo(url);
    }),
    reLaunch: route('reLaunch', ({ url = '' }) => {
      pages.reLaunch(url);
    }),
    switchTab: route('switchTab', ({ url = '' }) => {
      pages.switchTab(url);
    }),
    navigateBack: route('navigateBack', ({ delta }) => {
      pages.navigateBack(delta);
    }),
  };
}

function nothing(): void {
  // These never happen in the preview.
}
