/** What the logic layer asks of the view (`ViewCalls`). */
import type { NodeId, ViewCalls } from '../shared/protocol.js';
import type { Dialogs } from './dialogs.js';
import { CanvasElement } from './elements/controls.js';
import type { Frame } from './frame.js';
import type { Tree } from './tree.js';

type Handlers = { readonly [K in keyof ViewCalls]: (...parameters: never[]) => unknown };

/** Gives the functions by name; each gives its answer or a promise of it. */
export function createCalls(tree: Tree, frame: Frame, dialogs: Dialogs): Handlers {
  const need = (node: NodeId): Element => {
    const element = tree.element(node);
    if (element === null) throw new Error('The node is no longer on the page');
    return element;
  };
  return {
    rect: (node: NodeId) => relativeRect(need(node), frame.current?.origin),
    scrollOffset: (node: NodeId) => {
      const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = need(node);
      return { scrollLeft, scrollTop, scrollWidth, scrollHeight };
    },
    viewport: () => {
      const { width = 0, height = 0 } = frame.current?.origin ?? {};
      return {
        id: '',
        dataset: {},
        left: 0,
        top: 0,
        right: width,
        bottom: height,
        width,
        height,
        ...frame.current?.scrollOffset,
      };
    },
    canvas: (node: NodeId) => {
      const element = need(node);
      if (!(element instanceof CanvasElement)) throw new Error('The node is no canvas');
      return element.handOver();
    },
    properties: (node: NodeId, names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, tree.attribute(need(node), name) ?? null])),
    toast: (options: Parameters<Dialogs['toast']>[0]) => dialogs.toast(options),
    hideToast: () => dialogs.hideToast(),
    modal: (options: Parameters<Dialogs['modal']>[0]) => dialogs.modal(options),
    actionSheet: (options: Parameters<Dialogs['actionSheet']>[0]) => dialogs.actionSheet(options),
    scrollTo: ({ scrollTop, duration, selector }: Parameters<ViewCalls['scrollTo']>[0]) => {
      const page = frame.current;
      if (page === null) return null;
      const offset =
        selector === null ? 0 : relativeRect(need(selector), page.origin).top + page.scrollOffset.scrollTop;
      page.scrollTo(offset + scrollTop, duration);
      return null;
    },
  };
}

function relativeRect(element: Element, origin: DOMRect | undefined): ReturnType<ViewCalls['rect']> {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left: left - (origin?.left ?? 0), top: top - (origin?.top ?? 0), width, height };
}
