/** `slider`, `picker` and `canvas`. */
import { PreviewElement } from './base.js';

/** `slider`: the browser's range input in the client's look. */
export class SliderElement extends PreviewElement {
  private readonly range = document.createElement('input');
  private readonly shown = document.createElement('span');

  connectedCallback(): void {
    if (this.range.isConnected) return;
    this.range.type = 'range';
    this.shown.className = 'slider-value';
    this.append(this.range, this.shown);
    this.range.addEventListener('input', (event) => {
      this.moved(event, 'changing');
    });
    this.range.addEventListener('change', (event) => {
      this.moved(event, 'change');
    });
    this.draw();
  }

  protected update(name: string): void {
    if (name === 'min') this.range.min = String(this.number('min', 0));
    else if (name === 'max') this.range.max = String(this.number('max', 100));
    else if (name === 'step') this.range.step = String(this.number('step', 1));
    else if (name === 'value') this.range.value = String(this.number('value', 0));
    else if (name === 'disabled') this.range.disabled = this.flag('disabled');
    this.draw();
  }

  private moved(event: Event, type: string): void {
    event.stopPropagation();
    const value = Number(this.range.value);
    this.draw();
    this.emit(type, { value });
  }

  private draw(): void {
    const { min, max, value } = this.range;
    const [low, high] = [Number(min || 0), Number(max || 100)];
    const part = high > low ? ((Number(value) - low) / (high - low)) * 100 : 0;
    this.style.setProperty('--part', `${String(part)}%`);
    this.style.setProperty('--active', this.text('activeColor') || '#07c160');
    this.style.setProperty('--rest', this.text('backgroundColor') || '#e9e9e9');
    this.style.setProperty('--block', `${String(this.number('block-size', 28))}px`);
    this.shown.textContent = this.flag('show-value') ? value : '';
  }
}

/** `picker`: the modes `selector`, `time` and `date`, by the browser's own pickers over the content. */
export class PickerElement extends PreviewElement {
  private control: HTMLSelectElement | HTMLInputElement | null = null;

  connectedCallback(): void {
    queueMicrotask(() => {
      this.build();
    });
  }

  protected update(): void {
    if (this.isConnected)
      queueMicrotask(() => {
        this.build();
      });
  }

  private build(): void {
    this.control?.remove();
    const mode = this.text('mode') || 'selector';
    if (!/^(?:selector|time|date)$/.test(mode))
      throw new Error(`picker mode="${mode}" is not supported by the preview`);
    const control = mode === 'selector' ? this.selector() : document.createElement('input');
    if (control instanceof HTMLInputElement)
      Object.assign(control, { type: mode, value: this.text('value') });
    control.disabled = this.flag('disabled');
    control.className = 'picker-control';
    control.addEventListener('change', (event) => {
      event.stopPropagation();
      this.emit('change', { value: mode === 'selector' ? Number(control.value) : control.value });
    });
    control.addEventListener('input', (event) => {
      event.stopPropagation();
    });
    this.control = control;
    this.append(control);
  }

  private selector(): HTMLSelectElement {
    const select = document.createElement('select');
    const range = this.value('range');
    const key = this.text('range-key');
    const items: unknown[] = Array.isArray(range) ? range : [];
    items.forEach((item, index) => {
      const label = key === '' ? item : (item as Record<string, unknown>)[key];
      select.append(new Option(String(label), String(index)));
    });
    select.value = String(this.number('value', 0));
    return select;
  }
}

/** `canvas type="2d"`: its drawing surface is handed to the logic layer once. */
export class CanvasElement extends PreviewElement {
  private readonly surface = document.createElement('canvas');

  connectedCallback(): void {
    if (!this.surface.isConnected) this.append(this.surface);
  }

  handOver(): OffscreenCanvas {
    if (this.text('type') !== '2d') throw new Error('canvas: only type="2d" is supported by the preview');
    return this.surface.transferControlToOffscreen();
  }

  protected update(): void {
    // Nothing of a canvas depends on an attribute but its type, which is asked for above.
  }
}
