/** The images of a canvas: decoded by the browser, drawn by the logic layer. */
import { assetUrl } from '../../shared/path.js';
import { native } from '../native.js';
import { runTurn } from '../turns.js';

type Handler = ((argument?: unknown) => void) | null;

/** What stands behind an image once it is loaded. */
const bitmaps = new WeakMap<object, ImageBitmap>();

/**
 * What `canvas.createImage()` gives: a path of the package, an address or a data URI as `src`, and `onload` or `onerror`
 * in a turn of its own. Size and picture are there from `onload` on.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/canvas/Image.html
 */
export class CanvasImage {
  onload: Handler = null;
  onerror: Handler = null;
  width = 0;
  height = 0;
  referrerPolicy = 'no-referrer';
  private source = '';

  get src(): string {
    return this.source;
  }

  set src(source: string) {
    this.source = source;
    load(source).then(
      (bitmap) => {
        // Another was asked for meanwhile.
        if (this.source !== source) return;
        bitmaps.set(this, bitmap);
        Object.assign(this, { width: bitmap.width, height: bitmap.height });
        this.tell(this.onload);
      },
      (error: unknown) => {
        if (this.source === source) this.tell(this.onerror, { errMsg: `${source}: ${String(error)}` });
      },
    );
  }

  private tell(handler: Handler, argument?: unknown): void {
    runTurn('image', () => {
      handler?.call(this, argument);
    });
  }
}

async function load(source: string): Promise<ImageBitmap> {
  // Addresses go the way of requests: a device has no rules between origins.
  const response = await (/^https?:/.test(source)
    ? native.fetch('/proxy', { headers: { 'x-preview-target': source } })
    : native.fetch(assetUrl(source)));
  if (!response.ok) throw new Error(`status ${String(response.status)}`);
  return native.createImageBitmap(await response.blob());
}

/** Lets a context draw such images, as it draws what is the browser's own. */
export function drawImagesOn(context: OffscreenCanvasRenderingContext2D): void {
  const draw = context.drawImage.bind(context) as (...values: unknown[]) => void;
  const pattern = context.createPattern.bind(context) as (...values: unknown[]) => CanvasPattern | null;
  Object.assign(context, {
    drawImage: (image: unknown, ...rest: unknown[]) => {
      draw(pictureOf(image), ...rest);
    },
    createPattern: (image: unknown, ...rest: unknown[]) => pattern(pictureOf(image), ...rest),
  });
}

/** @throws Error for an image that is not loaded: a device draws nothing then, which nobody would find */
function pictureOf(image: unknown): unknown {
  if (!(image instanceof CanvasImage)) return image;
  const bitmap = bitmaps.get(image);
  if (bitmap === undefined) throw new Error(`drawImage: "${image.src}" is not loaded yet`);
  return bitmap;
}
