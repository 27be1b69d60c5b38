/**
 * Everything that crosses between the threads of the preview. The view starts the logic thread; the logic thread
 * starts the network thread and, on `wx.createWorker`, the worker thread.
 */
import type { TabBarConfig, TabConfig, WindowConfig } from './manifest.js';

/** A node of the page's tree: a number minted in the logic thread. */
export type NodeId = number;

/** One change of the tree. The view replays them in order. */
export type Operation =
  | ['new', node: NodeId, tag: string]
  | ['text', node: NodeId, content: string]
  | ['append', parent: NodeId, child: NodeId]
  | ['before', parent: NodeId, child: NodeId, before: NodeId]
  | ['remove', parent: NodeId, child: NodeId]
  | ['release', node: NodeId]
  | ['id', node: NodeId, id: string]
  | ['host', node: NodeId, scope: string]
  | ['class', node: NodeId, name: string, on: boolean]
  | ['style', node: NodeId, style: string]
  | ['attribute', node: NodeId, name: string, value: unknown]
  | ['listen', node: NodeId, type: string]
  | ['model', node: NodeId, attribute: string];

/** The screen as the logic layer is told of it. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly statusBarHeight: number;
  readonly pixelRatio: number;
  readonly navigationBarHeight: number;
  readonly tabBarHeight: number;
  readonly bottomInset: number;
}

/** How messages of `wx.createWorker` are copied: through JSON text (`ArrayBuffer`s kept) or by structured clone. */
export type Carrier = 'json' | 'clone';

/** Faults of the worker that can be asked for. */
export interface WorkerFaults {
  /** @defaultValue `'json'`, the harshest carrier in the field */
  readonly carrier?: Carrier;
  /** Milliseconds that each message takes longer, both ways. @defaultValue 0 */
  readonly delayMs?: number;
  /** Kills the worker now, as the system does under memory pressure. */
  readonly kill?: boolean;
}

/** View to logic: the first message. */
export interface StartMessage {
  readonly type: 'start';
  readonly strict: boolean;
  readonly screen: Screen;
  readonly language: string;
  readonly query: string;
  /** `[start of the running turn of the logic thread or 0, the worker thread's]`, in epoch milliseconds. */
  readonly clock: SharedArrayBuffer | null;
}

/** What the driver can ask the logic thread. */
export type Inspection =
  | { readonly what: 'data'; readonly path: string }
  | { readonly what: 'pages' }
  /** How many of its timers wait for a time to come; those of 0 and 1 ms are not counted. */
  | { readonly what: 'timers' }
  | { readonly what: 'set-data'; readonly data: Record<string, unknown> };

export type ViewToLogic =
  | StartMessage
  | {
      readonly type: 'event';
      readonly sequence: number;
      readonly node: NodeId;
      readonly event: string;
      readonly detail: unknown;
      readonly bubbles: boolean;
      readonly fields: Record<string, unknown>;
    }
  | { readonly type: 'model'; readonly node: NodeId; readonly attribute: string; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown; readonly error?: string }
  | { readonly type: 'rendered'; readonly ids: readonly number[] }
  | {
      readonly type: 'route';
      readonly action: 'back' | 'switchTab' | 'reLaunch' | 'navigateTo';
      readonly url: string;
    }
  | {
      readonly type: 'page-event';
      readonly page: number;
      readonly method: string;
      readonly argument: unknown;
    }
  | { readonly type: 'hidden'; readonly hidden: boolean }
  | { readonly type: 'faults'; readonly faults: WorkerFaults }
  | { readonly type: 'inspect'; readonly id: number; readonly inspection: Inspection };

/** One turn of a thread: when it began (epoch milliseconds), how long it took, what it was. */
export type TurnSample = [startMs: number, lengthMs: number, kind: string];

/** The three threads that run code of the mini-program or show it. */
export type ThreadName = 'logic' | 'worker' | 'view';

/** One line of the panel's log. */
export interface LogLine {
  readonly thread: ThreadName;
  readonly level: 'log' | 'info' | 'warn' | 'error' | 'debug';
  readonly text: string;
}

/** What the logic thread may ask the view to do and answer. */
export interface ViewCalls {
  rect(node: NodeId): { left: number; top: number; width: number; height: number };
  scrollOffset(node: NodeId): {
    scrollLeft: number;
    scrollTop: number;
    scrollWidth: number;
    scrollHeight: number;
  };
  viewport(): { width: number; height: number; scrollLeft: number; scrollTop: number };
  canvas(node: NodeId): OffscreenCanvas;
  properties(node: NodeId, names: readonly string[]): Record<string, unknown>;
  toast(options: { title: string; icon: string; duration: number; mask: boolean }): null;
  hideToast(): null;
  modal(options: ModalOptions): { confirm: boolean; cancel: boolean; content: string | null };
  actionSheet(options: { itemList: readonly string[]; itemColor: string }): { tapIndex: number };
  scrollTo(options: { scrollTop: number; duration: number; selector: NodeId | null }): null;
}

export interface ModalOptions {
  readonly title: string;
  readonly content: string;
  readonly showCancel: boolean;
  readonly cancelText: string;
  readonly confirmText: string;
  readonly editable: boolean;
  readonly placeholderText: string;
}

/** The pages as the frame shows them, bottom first. */
export interface PageShell {
  readonly id: number;
  readonly path: string;
  readonly window: WindowConfig;
  readonly root: NodeId;
  /** Its place in the tab bar, -1 where it is none of the tabs. */
  readonly tab: number;
  /** Whether the page wants to hear of scrolling: `onPageScroll`, `onReachBottom`. */
  readonly onScroll: boolean;
  readonly onReachBottom: boolean;
}

export type LogicToView =
  | {
      readonly type: 'ready';
      readonly tabs: readonly TabConfig[];
      readonly tabBar: Omit<TabBarConfig, 'list'>;
    }
  | {
      readonly type: 'operations';
      readonly operations: readonly Operation[];
      /** Events of the view that this is the answer to. */
      readonly answers: readonly number[];
      /** Callbacks to be told when this has been drawn. */
      readonly renders: readonly number[];
    }
  | { readonly type: 'page-open'; readonly shell: PageShell }
  | { readonly type: 'page-close'; readonly id: number }
  | { readonly type: 'page-show'; readonly id: number; readonly depth: number }
  | { readonly type: 'title'; readonly id: number; readonly title: string }
  | { readonly type: 'bar-color'; readonly id: number; readonly front: string; readonly back: string }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: keyof ViewCalls;
      readonly argument: unknown;
    }
  | {
      readonly type: 'samples';
      readonly thread: 'logic' | 'worker';
      readonly turns: readonly TurnSample[];
      readonly setDataCalls: number;
      readonly setDataBytes: number;
      readonly messages: number;
    }
  | { readonly type: 'worker-state'; readonly state: WorkerState; readonly detail: string }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'inspected'; readonly id: number; readonly value: unknown; readonly error?: string };

/** The worker as the panel shows it. */
export type WorkerState = 'none' | 'running' | 'terminated' | 'killed' | 'failed';

/** Logic to worker thread and back. Messages of the mini-program travel as text and buffers, or as a clone. */
export type LogicToWorker =
  | {
      readonly type: 'start';
      readonly path: string;
      readonly files: readonly string[];
      readonly strict: boolean;
      readonly clock: SharedArrayBuffer | null;
    }
  | { readonly type: 'carrier'; readonly carrier: Carrier }
  | { readonly type: 'message'; readonly packet: Packet };

export type WorkerToLogic =
  | { readonly type: 'message'; readonly packet: Packet }
  | { readonly type: 'error'; readonly message: string; readonly stack: string }
  | { readonly type: 'test-killed' }
  | { readonly type: 'samples'; readonly turns: readonly TurnSample[] }
  | { readonly type: 'log'; readonly line: LogLine };

/** A message of the mini-program on its way: see `shared/carrier.ts`. */
export type Packet =
  | { readonly carrier: 'json'; readonly text: string; readonly buffers: readonly ArrayBuffer[] }
  | { readonly carrier: 'clone'; readonly value: unknown };
