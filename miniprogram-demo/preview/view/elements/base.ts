/** What the preview's own elements share: attributes arrive as values of the data, not as text. */

/** A built-in component of the preview. */
export abstract class PreviewElement extends HTMLElement {
  private readonly values = new Map<string, unknown>();

  /** The value an attribute was last given; `null` takes it away. */
  setValue(name: string, value: unknown): void {
    if (value === null || value === undefined) this.values.delete(name);
    else this.values.set(name, value);
    this.update(name, value);
  }

  value(name: string): unknown {
    return this.values.get(name);
  }

  /** A boolean as WXML means it: present without a value, or any true value; the text `false` is true nowhere here. */
  flag(name: string): boolean {
    const value = this.values.get(name);
    return value === '' || (value !== 'false' && Boolean(value));
  }

  number(name: string, otherwise: number): number {
    const value = Number(this.values.get(name) ?? otherwise);
    return Number.isFinite(value) ? value : otherwise;
  }

  text(name: string): string {
    const value = this.values.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  /** Tells the mini-program: an event of a component, which does not bubble. */
  emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  protected abstract update(name: string, value: unknown): void;
}

/** Asks the frame for a change of page; the frame listens for this event. */
export interface RouteRequest {
  readonly openType: string;
  readonly url: string;
}
