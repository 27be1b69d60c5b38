/** Canvas 2d: the view hands its canvas over once, and the logic layer draws on it directly. */
import type { LogicElement } from '../backend.js';
import { native } from '../native.js';
import { runTurn } from '../turns.js';
import { askView } from '../view-link.js';
import { CanvasImage, drawImagesOn } from './image.js';

/** What `fields({ node: true })` gives for `<canvas type="2d">`. */
export interface CanvasNode {
  width: number;
  height: number;
  getContext(type: string): unknown;
  createImage(): CanvasImage;
  createImageData(): ImageData;
  requestAnimationFrame(callback: (timestamp: number) => void): number;
  cancelAnimationFrame(id: number): void;
}

/** A surface can be handed over once, so it is kept for as long as its element lives. */
const adopted = new WeakMap<LogicElement, CanvasNode>();

/** Gives the canvas of an element, or `null` where the element is no canvas. */
export function adoptCanvas(element: LogicElement, done: (canvas: CanvasNode | null) => void): void {
  const known = adopted.get(element);
  if (known !== undefined) {
    done(known);
    return;
  }
  askView('canvas', [element.node], (offscreen, error) => {
    const canvas = adopted.get(element) ?? (error === undefined ? wrap(offscreen) : null);
    if (canvas !== null) adopted.set(element, canvas);
    done(canvas);
  });
}

function wrap(offscreen: OffscreenCanvas): CanvasNode {
  let context: OffscreenCanvasRenderingContext2D | null = null;
  const context2d = (): OffscreenCanvasRenderingContext2D => {
    if (context === null) {
      context = offscreen.getContext('2d');
      if (context === null) throw new Error('the browser gives no context for this canvas');
      drawImagesOn(context);
    }
    return context;
  };
  return {
    get width() {
      return offscreen.width;
    },
    set width(value) {
      offscreen.width = value;
    },
    get height() {
      return offscreen.height;
    },
    set height(value) {
      offscreen.height = value;
    },
    getContext(type) {
      if (type !== '2d')
        throw new Error(`canvas.getContext("${type}") is not supported by the preview: only "2d" is`);
      return context2d();
    },
    createImage: () => new CanvasImage(),
    createImageData: () => context2d().createImageData(offscreen.width, offscreen.height),
    requestAnimationFrame(callback) {
      const run = (time: number): void => {
        runTurn('frame', () => {
          callback(time);
        });
      };
      return (
        native.requestFrame?.(run) ??
        native.setTimeout(() => {
          run(native.now());
        }, 16)
      );
    },
    cancelAnimationFrame(id) {
      if (native.cancelFrame !== null) native.cancelFrame(id);
      else native.clearTimeout(id);
    },
  };
}
