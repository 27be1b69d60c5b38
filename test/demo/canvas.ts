/** A canvas of a page with a photograph: what WeChat's canvas 2d has, as far as the demo uses it. */

/** The bytes of a picture: red, green, blue and alpha. */
export interface Picture {
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A picture with edges, slopes and noise, the same each time. */
export function createPicture(width: number, height: number): Picture {
  const pixels = new Uint8ClampedArray(width * height * 4);
  let noise = 1;
  for (let at = 0; at < pixels.length; at += 4) {
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    noise = (noise * 48271) % 0x7fffffff;
    const light = (x + y) % 16 < 8 ? 60 : 190;
    pixels.set([light + (noise % 30), y * 5, x * 6, 255], at);
  }
  return { pixels, width, height };
}

/** A canvas whose images are `pictures`, by their paths. */
export class Canvas {
  width = 0;
  height = 0;
  /** What is drawn. */
  shown = new Uint8ClampedArray();
  /** How often rows were put, for each first row. */
  readonly puts = new Map<number, number>();

  constructor(private readonly pictures: Readonly<Record<string, Picture>>) {}

  createImage(): object {
    const { pictures } = this;
    const image = { width: 0, height: 0, picture: null as Picture | null, onload() {}, onerror() {} };
    return Object.defineProperty(image, 'src', {
      set(path: string) {
        const picture = pictures[path];
        if (picture !== undefined) Object.assign(image, { ...picture, picture });
        void Promise.resolve().then(() => (picture === undefined ? image.onerror() : image.onload()));
      },
    });
  }

  getContext(type: string): object {
    if (type !== '2d') throw new Error(`not "2d" but "${type}"`);
    return {
      drawImage: ({ picture }: { picture: Picture }) => {
        this.shown = picture.pixels.slice();
      },
      getImageData: () => ({ data: this.shown.slice(), width: this.width, height: this.height }),
      putImageData: (...args: Parameters<Canvas['put']>) => this.put(...args),
    };
  }

  /** Puts the rows of `image` that the dirty rectangle names, all where none is named. */
  private put(
    image: { data: Uint8ClampedArray },
    _left: 0,
    _top: 0,
    _dirtyLeft = 0,
    dirtyTop = 0,
    _dirtyWidth = this.width,
    dirtyHeight = this.height,
  ): void {
    const row = this.width * 4;
    this.shown.set(image.data.subarray(dirtyTop * row, (dirtyTop + dirtyHeight) * row), dirtyTop * row);
    this.puts.set(dirtyTop, (this.puts.get(dirtyTop) ?? 0) + 1);
  }
}
