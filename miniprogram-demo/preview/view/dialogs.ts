/** What lies over the pages: toast, modal, action sheet. */
import type { ModalOptions, ViewCalls } from '../shared/protocol.js';
import { make, makeButton } from './dom.js';

type ToastOptions = Parameters<ViewCalls['toast']>[0];

export class Dialogs {
  private toastElement: HTMLElement | null = null;
  private toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly layer: HTMLElement) {}

  toast({ title, icon, duration, mask }: ToastOptions): null {
    this.hideToast();
    const mark = icon === 'none' ? [] : [make('span', `toast-mark toast-${icon}`)];
    this.toastElement = make('div', 'toast', ...mark, make('p', 'toast-text', title));
    this.toastElement.classList.toggle('toast-plain', icon === 'none');
    this.toastElement.classList.toggle('toast-mask', mask);
    this.layer.append(this.toastElement);
    if (duration > 0)
      this.toastTimer = setTimeout(() => {
        this.hideToast();
      }, duration);
    return null;
  }

  hideToast(): null {
    clearTimeout(this.toastTimer);
    this.toastElement?.remove();
    this.toastElement = null;
    return null;
  }

  modal(options: ModalOptions): Promise<ReturnType<ViewCalls['modal']>> {
    return this.ask((done) => {
      const input = options.editable ? make('input', 'modal-input') : null;
      if (input !== null)
        Object.assign(input, { placeholder: options.placeholderText, value: options.content });
      const content = input ?? make('p', 'modal-content', options.content);
      const confirm = (yes: boolean) => () => {
        done({ confirm: yes, cancel: !yes, content: yes && input !== null ? input.value : null });
      };
      const no = options.showCancel
        ? [makeButton('modal-no', options.cancelText, confirm(false), options.cancelText)]
        : [];
      const yes = makeButton('modal-yes', options.confirmText, confirm(true), options.confirmText);
      const title = options.title === '' ? [] : [make('h2', 'modal-title', options.title)];
      return make('div', 'modal', ...title, content, make('div', 'modal-buttons', ...no, yes));
    });
  }

  actionSheet({ itemList }: { itemList: readonly string[] }): Promise<{ tapIndex: number }> {
    return this.ask((done) => {
      const items = itemList.map((label, tapIndex) =>
        makeButton(
          'sheet-item',
          label,
          () => {
            done({ tapIndex });
          },
          label,
        ),
      );
      const cancel = makeButton(
        'sheet-item sheet-cancel',
        '取消',
        () => {
          done({ tapIndex: -1 });
        },
        '取消',
      );
      return make('div', 'sheet', ...items, cancel);
    });
  }

  private ask<T>(build: (done: (answer: T) => void) => HTMLElement): Promise<T> {
    return new Promise((resolve) => {
      const mask = make('div', 'mask');
      mask.append(
        build((answer) => {
          mask.remove();
          resolve(answer);
        }),
      );
      this.layer.append(mask);
    });
  }
}
