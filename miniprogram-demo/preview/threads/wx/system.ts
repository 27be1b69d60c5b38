/** What `wx` says about the device, and the app's going to the background and back. */
import type { StartMessage } from '../../shared/protocol.js';
import { native } from '../native.js';
import { runTurn } from '../turns.js';

/** The base library whose behaviour the preview follows. */
const baseLibrary = '3.13.0';

/** The device part of `wx`. */
export function systemApi({ screen, language }: StartMessage): Record<string, unknown> {
  const barHeights = screen.statusBarHeight + screen.navigationBarHeight;
  const safeTop = screen.statusBarHeight;
  const windowInfo = {
    pixelRatio: screen.pixelRatio,
    screenWidth: screen.width,
    screenHeight: screen.height,
    windowWidth: screen.width,
    windowHeight: screen.height - barHeights - screen.tabBarHeight,
    statusBarHeight: screen.statusBarHeight,
    screenTop: barHeights,
    safeArea: {
      left: 0,
      right: screen.width,
      top: safeTop,
      bottom: screen.height - screen.bottomInset,
      width: screen.width,
      height: screen.height - screen.bottomInset - safeTop,
    },
  };
  const device = {
    brand: 'preview',
    model: 'browser',
    system: 'preview',
    platform: 'devtools',
    benchmarkLevel: -1,
    abi: '',
  };
  const base = {
    SDKVersion: baseLibrary,
    version: '8.0.0',
    language,
    theme: 'light',
    host: { env: 'WeChat', appId: '' },
  };
  return {
    getWindowInfo: () => windowInfo,
    getDeviceInfo: () => device,
    getAppBaseInfo: () => base,
    getSystemInfoSync: () => ({ ...windowInfo, ...device, ...base, fontSizeSetting: 16 }),
    getSystemSetting: () => ({ bluetoothEnabled: false, locationEnabled: false, wifiEnabled: true }),
    getMenuButtonBoundingClientRect: () => menuButton(screen),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'preview', envVersion: 'develop', version: '' } }),
    getPerformance: () => ({
      createObserver: () => ({ observe: nothing, disconnect: nothing }),
      getEntries: () => [],
    }),
    getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001, referrerInfo: {} }),
    getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001, referrerInfo: {} }),
  };
}

function menuButton({
  width,
  statusBarHeight,
  navigationBarHeight,
}: StartMessage['screen']): Record<string, number> {
  const [buttonWidth, height, margin] = [87, 32, 7];
  const top = statusBarHeight + (navigationBarHeight - height) / 2;
  const right = width - margin;
  return { width: buttonWidth, height, top, bottom: top + height, right, left: right - buttonWidth };
}

function nothing(): void {
  // Observed is nothing: the preview has no performance entries.
}

type Listener = (argument: unknown) => void;

/** The app's state and its listeners. */
export class AppState {
  hidden = false;
  private readonly listeners = { show: new Set<Listener>(), hide: new Set<Listener>() };

  /** The `wx.onAppShow` family, and idle callbacks, which know whether the app is hidden. */
  api(): Record<string, unknown> {
    const { show, hide } = this.listeners;
    return {
      onAppShow: (listener: Listener): void => void show.add(listener),
      onAppHide: (listener: Listener): void => void hide.add(listener),
      offAppShow: (listener?: Listener) => {
        drop(show, listener);
      },
      offAppHide: (listener?: Listener) => {
        drop(hide, listener);
      },
      requestIdleCallback: (callback: () => void, options?: { timeout?: number }) => {
        this.requestIdle(callback, options?.timeout);
      },
    };
  }

  change(hidden: boolean): void {
    this.hidden = hidden;
    const argument = { path: '', query: {}, scene: 1001 };
    for (const listener of this.listeners[hidden ? 'hide' : 'show'])
      runTurn('app', () => {
        listener(argument);
      });
  }

  /** No id, no deadline; inside the call while the app is in the background: what clients are known to do. */
  private requestIdle(callback: () => void, timeoutMs = 50): void {
    if (this.hidden) callback();
    else
      native.setTimeout(
        () =>
          runTurn('idle', () => {
            callback();
          }),
        Math.min(timeoutMs, 10),
      );
  }
}

function drop(listeners: Set<Listener>, listener: Listener | undefined): void {
  if (listener === undefined) listeners.clear();
  else listeners.delete(listener);
}
