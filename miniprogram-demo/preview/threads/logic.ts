/** The logic layer: the thread that runs the mini-program's App, pages and components. */
import { Event } from 'glass-easel';
import type { Element } from 'glass-easel';
import type { Manifest } from '../shared/manifest.js';
import type { Inspection, Operation, StartMessage, ViewToLogic } from '../shared/protocol.js';
import { LogicBackend } from './backend.js';
import { createConsole, describeError } from './console.js';
import { createModules } from './modules.js';
import type { Modules } from './modules.js';
import { native } from './native.js';
import { Pages, parseQuery } from './pages.js';
import { Space, listenToFramework } from './space.js';
import type { TemplateGroups } from './space.js';
import { hideBrowser } from './strict.js';
import { timerGlobals, waitingTimers } from './timers.js';
import { onTurnError, runTurn, shareClock, takeSamples } from './turns.js';
import { answerFromView, logToView, tellView, traffic } from './view-link.js';
import { startNetwork } from './wx/request.js';
import { AppState } from './wx/system.js';
import { applyFaults } from './wx/worker.js';
import { createWx } from './wx/wx.js';

const sampleEveryMs = 100;
const importFiles = self.importScripts.bind(self);

/** The mini-program once it runs. */
interface Running {
  readonly backend: LogicBackend;
  readonly pages: Pages;
  readonly app: AppState;
  /** What was given to `App(…)`. */
  definition: Record<string, unknown>;
}

let running: Running | null = null;
/** Events of the view whose handlers have run and whose result is not on its way yet. */
let unanswered: number[] = [];

function report(error: unknown): void {
  native.console.error(error);
  logToView({
    thread: 'logic',
    level: 'error',
    text: error instanceof Error ? describeError(error) : String(error),
  });
  callApp('onError', error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error));
}

function warn(text: string): void {
  native.console.warn(text);
  logToView({ thread: 'logic', level: 'warn', text });
}

function callApp(method: string, argument: unknown): void {
  const definition = running?.definition;
  const handler = definition?.[method];
  if (typeof handler === 'function')
    runTurn('app', () => {
      handler.call(definition, argument);
    });
}

function start(message: StartMessage): void {
  shareClock(message.clock, 0);
  startNetwork();
  const { manifest, templates } = loadApp();
  const space = new Space(manifest, templates);
  const { width, height, pixelRatio } = message.screen;
  const scopes = space.code.getComponentSpace().styleScopeManager;
  const backend = new LogicBackend({ flush }, scopes, { width, height, pixelRatio });
  space.attach(backend, warn);
  const modules = createModules(
    (path) => manifest.scripts.includes(path),
    (path, run) => {
      space.defining(path, run);
    },
  );
  const app = new AppState();
  const pages = new Pages(manifest, space, backend, modules);
  running = { backend, pages, app, definition: {} };
  if (message.strict) hideBrowser();
  const wx = createWx({ start: message, manifest, pages, app });
  installGlobals(running, modules, { ...space.globals(), wx });
  runApp(running, modules, manifest, message);
}

function startOrReport(message: StartMessage): void {
  try {
    start(message);
  } catch (error) {
    report(error);
  }
}

/** `/app/app.js` calls `__preview.load` with all that is not a script. */
function loadApp(): { manifest: Manifest; templates: TemplateGroups } {
  let loaded: { manifest: Manifest; templates: TemplateGroups } | null = null;
  Object.assign(self, {
    __preview: {
      load(manifest: Manifest, templates: TemplateGroups): void {
        loaded = { manifest, templates };
      },
    },
  });
  importFiles('/app/app.js');
  if (loaded === null)
    throw new Error('The mini-program could not be compiled: see the terminal of npm start');
  return loaded;
}

function installGlobals(state: Running, modules: Modules, more: Record<string, unknown>): void {
  Object.assign(self, {
    ...timerGlobals,
    ...more,
    __preview: { define: modules.define },
    console: createConsole('logic', logToView),
    App: (definition: Record<string, unknown>): void => void (state.definition = definition),
    getApp: () => state.definition,
    getCurrentPages: () => state.pages.instances(),
  });
}

function runApp(
  { pages }: Running,
  modules: Modules,
  manifest: Manifest,
  { strict, query }: StartMessage,
): void {
  const { list = [], ...tabBar } = manifest.app.tabBar ?? {};
  tellView({ type: 'ready', tabs: list, tabBar });
  // Fetching is the preview's way of having the files there, no turn of the mini-program.
  for (const file of manifest.scripts) importScript(file, strict);
  const parameters = parseQuery(query);
  const path = parameters['page'] ?? manifest.app.entryPagePath ?? manifest.app.pages[0] ?? '';
  runTurn('app', () => {
    if (modules.has('app.js')) modules.run('app.js');
  });
  const launch = { path, query: {}, scene: 1001 };
  callApp('onLaunch', launch);
  callApp('onShow', launch);
  runTurn('page', () => {
    pages.reLaunch(`/${path}`);
  });
}

/** A file with a syntax error is reported and missing; the others still run. */
function importScript(file: string, strict: boolean): void {
  try {
    importFiles(`/app/script/${file}${strict ? '' : '?strict=0'}`);
  } catch (error) {
    report(error);
  }
}

function flush(operations: readonly Operation[], renders: readonly number[]): void {
  const answers = unanswered;
  unanswered = [];
  tellView({ type: 'operations', operations, answers, renders });
}

function handle(state: Running, message: Exclude<ViewToLogic, StartMessage>): void {
  const { backend, pages, app } = state;
  switch (message.type) {
    case 'event':
      dispatch(backend, message);
      break;
    case 'model':
      runTurn('event', () => {
        backend.element(message.node)?.models.get(message.attribute)?.(message.value);
      });
      break;
    case 'reply':
      answerFromView(message.id, message.value, message.error);
      break;
    case 'rendered':
      runTurn('render', () => {
        backend.completeRenders(message.ids);
      });
      break;
    case 'route':
      runTurn('page', () => {
        route(pages, message.action, message.url);
      });
      break;
    case 'page-event':
      runTurn('page', () => {
        pages.callPage(message.page, message.method, message.argument);
      });
      break;
    case 'hidden':
      app.change(message.hidden);
      callApp(message.hidden ? 'onHide' : 'onShow', {});
      runTurn('app', () => {
        pages.setHidden(message.hidden);
      });
      break;
    case 'faults':
      applyFaults(message.faults);
      break;
    case 'inspect':
      inspect(state, message.id, message.inspection);
      break;
  }
}

function dispatch(backend: LogicBackend, message: Extract<ViewToLogic, { type: 'event' }>): void {
  const target: Element | undefined = backend.element(message.node)?.__wxElement;
  if (target === undefined) return;
  runTurn(message.event, () => {
    unanswered.push(message.sequence);
    const options = {
      bubbles: message.bubbles,
      composed: true,
      capturePhase: true,
      extraFields: message.fields,
    };
    Event.triggerEvent(target, message.event, message.detail, options);
  });
}

function route(pages: Pages, action: Extract<ViewToLogic, { type: 'route' }>['action'], url: string): void {
  if (action === 'back') pages.navigateBack();
  else pages[action](url);
}

function inspect({ pages }: Running, id: number, inspection: Inspection): void {
  runTurn('inspect', () => {
    try {
      tellView({ type: 'inspected', id, value: answerOf(pages, inspection) });
    } catch (error) {
      tellView({ type: 'inspected', id, value: null, error: String(error) });
    }
  });
}

function answerOf(pages: Pages, inspection: Inspection): unknown {
  const page = pages.current();
  if (inspection.what === 'timers') return waitingTimers();
  if (inspection.what === 'pages') return pages.instances().map((instance) => instance['route']);
  if (page === undefined) return null;
  if (inspection.what === 'set-data') {
    page.instance.setData(inspection.data);
    return null;
  }
  const steps = inspection.path.split(/[.[\]]+/).filter((step) => step !== '');
  const value = steps.reduce(
    (from: unknown, step) => (from as Record<string, unknown> | null | undefined)?.[step],
    page.instance.data,
  );
  return JSON.parse(JSON.stringify(value ?? null));
}

function deliverSamples(): void {
  const turns = takeSamples();
  const { setDataCalls, setDataBytes, messages } = traffic;
  if (turns.length > 0 || setDataCalls > 0 || messages > 0) {
    Object.assign(traffic, { setDataCalls: 0, setDataBytes: 0, messages: -1 });
    tellView({ type: 'samples', thread: 'logic', turns, setDataCalls, setDataBytes, messages });
  }
  native.setTimeout(deliverSamples, sampleEveryMs);
}

onTurnError(report);
listenToFramework(report, warn);
self.addEventListener('unhandledrejection', (event) => {
  callApp('onUnhandledRejection', { reason: event.reason as unknown });
  report(event.reason);
});
self.addEventListener('message', ({ data }: MessageEvent<ViewToLogic>) => {
  if (data.type === 'start') startOrReport(data);
  else if (running !== null) handle(running, data);
});
deliverSamples();
