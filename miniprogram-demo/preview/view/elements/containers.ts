/** `view`, `text` and the other boxes: their look is CSS, they have little behaviour. */
import { PreviewElement } from './base.js';

/** `view`, `text`, `page`, `label`, groups: only shown. */
export class BoxElement extends PreviewElement {
  protected update(name: string, value: unknown): void {
    if (/^(?:user-select|selectable|space|decode)$/.test(name)) this.toggleAttribute(name, this.flag(name));
    else if (/^(?:aria-|role$)/.test(name)) this.setAttribute(name, String(value));
  }
}

/** `button`. */
export class ButtonElement extends PreviewElement {
  protected update(name: string): void {
    if (/^(?:disabled|loading|plain)$/.test(name)) this.toggleAttribute(name, this.flag(name));
    else if (/^(?:type|size|form-type)$/.test(name)) this.setAttribute(name, this.text(name));
  }
}

/** `navigator`: a tap asks for another page. */
export class NavigatorElement extends BoxElement {
  connectedCallback(): void {
    this.addEventListener('preview-tap', () => {
      const openType = this.text('open-type') || 'navigate';
      this.dispatchEvent(
        new CustomEvent('preview-route', { detail: { openType, url: this.text('url') }, bubbles: true }),
      );
    });
  }
}

/** `label`: a tap on it is a tap on its control. */
export class LabelElement extends BoxElement {
  connectedCallback(): void {
    this.addEventListener('preview-tap', (event) => {
      const control = this.control();
      if (control === null || event.composedPath().includes(control)) return;
      control.querySelector('input')?.click();
    });
  }

  private control(): Element | null {
    const id = this.text('for');
    const root = this.getRootNode();
    if (id !== '' && root instanceof ShadowRoot) return root.getElementById(id);
    return this.querySelector('taro-checkbox-core, taro-radio-core, taro-switch-core, taro-input-core');
  }
}

interface Control extends HTMLElement {
  readonly name?: string;
  readonly value?: unknown;
  checked?: boolean;
}

/** `radio-group` and `checkbox-group`: one `change` for the choice inside. */
export class ChoiceGroupElement extends BoxElement {
  connectedCallback(): void {
    this.addEventListener('radiochange', (event) => {
      event.stopPropagation();
      const chosen = event.target as Control;
      for (const radio of this.querySelectorAll<Control>('taro-radio-core')) radio.checked = radio === chosen;
      this.emit('change', { value: chosen.value });
    });
    this.addEventListener('checkboxchange', (event) => {
      event.stopPropagation();
      this.emit('change', { value: this.chosen() });
    });
  }

  chosen(): unknown {
    const boxes = [...this.querySelectorAll<Control>('taro-checkbox-core, taro-radio-core')];
    const values = boxes
      .filter((box) => box.querySelector('input')?.checked === true)
      .map((box) => box.value);
    return this.tagName === 'WX-RADIO-GROUP' ? (values[0] ?? '') : values;
  }
}

/** `form`: collects the values of named controls when a button with `form-type` is tapped. */
export class FormElement extends BoxElement {
  connectedCallback(): void {
    this.addEventListener('preview-tap', (event) => {
      const button = event.composedPath().find((each) => each instanceof ButtonElement);
      const formType = button === undefined ? '' : button.text('form-type');
      if (formType === 'submit') this.emit('submit', { value: this.collect() });
      else if (formType === 'reset') this.emit('reset', {});
    });
  }

  private collect(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const control of this.querySelectorAll<Control>('*')) {
      const name = control instanceof PreviewElement ? control.text('name') : control.name;
      if (typeof name !== 'string' || name === '') continue;
      if (control instanceof ChoiceGroupElement) result[name] = control.chosen();
      else if (/^(?:TARO-(?:INPUT|TEXTAREA|SWITCH)-CORE|WX-SLIDER|WX-PICKER)$/.test(control.tagName))
        result[name] = valueOf(control);
    }
    return result;
  }
}

function valueOf(control: Control): unknown {
  return control instanceof PreviewElement ? control.value('value') : control.value;
}
