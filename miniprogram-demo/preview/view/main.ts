/** The page of the preview: the phone, the panel, and the thread that is the logic layer. */
import type { LogLine } from '../shared/protocol.js';
import { Dialogs } from './dialogs.js';
import { make, makeButton } from './dom.js';
import { defineElements } from './elements/define.js';
import { Frame } from './frame.js';
import frameCss from './frame.css';
import { LogicLink } from './logic-link.js';
import { Panel } from './panel.js';
import panelCss from './panel.css';
import { createPreviewApi } from './preview-api.js';
import { Stats } from './stats.js';
import { Tree } from './tree.js';

const parameters = new URLSearchParams(location.search);
const strict = document.documentElement.dataset['strict'] !== 'false';

document.head.append(make('style', '', frameCss, panelCss));
defineElements();

const clock = crossOriginIsolated ? new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT) : null;
const link = new LogicLink(strict);
const stats = new Stats();
const tree = new Tree();
const frame = new Frame({ tree, sendEvent: link.sendEvent, send: link.send });
const dialogs = new Dialogs(frame.overlays);
const sendFaults = (faults: Parameters<typeof window.__preview.faults>[0]): void => {
  link.send({ type: 'faults', faults });
};
const panel = new Panel(stats, clock === null ? null : new Float64Array(clock), sendFaults, strict);

function log(line: LogLine): void {
  stats.write(line);
  panel.write(line);
}

window.addEventListener('error', (event) => {
  log({ thread: 'view', level: 'error', text: event.message });
});
window.addEventListener('unhandledrejection', (event) => {
  log({ thread: 'view', level: 'error', text: String(event.reason) });
});
document.addEventListener('visibilitychange', () => {
  link.send({ type: 'hidden', hidden: document.hidden });
});

const toggle = makeButton(
  'panel-toggle',
  '面板 Panel',
  () => document.body.classList.toggle('panel-open'),
  'ms',
);
document.body.append(make('main', 'stage', frame.element), panel.element, toggle);
window.__preview = createPreviewApi(stats, frame, link);

link.start(
  { tree, frame, dialogs, stats, log },
  {
    strict,
    screen: frame.screen(parameters.get('tabs') !== '0'),
    language: navigator.language,
    query: location.search.slice(1),
    clock,
  },
);
