/** What `wx` shows and asks on the screen: toast, modal, action sheet, titles, scrolling. */
import type { OpenPage } from '../pages.js';
import { askView, tellView } from '../view-link.js';
import { settle } from './callbacks.js';
import type { Callbacks } from './callbacks.js';

interface ToastOptions extends Callbacks {
  readonly title?: string;
  readonly icon?: string;
  readonly duration?: number;
  readonly mask?: boolean;
}

interface ModalArguments extends Callbacks {
  readonly title?: string;
  readonly content?: string;
  readonly showCancel?: boolean;
  readonly cancelText?: string;
  readonly confirmText?: string;
  readonly editable?: boolean;
  readonly placeholderText?: string;
}

interface ScrollOptions extends Callbacks {
  readonly scrollTop?: number;
  readonly duration?: number;
  readonly selector?: string;
}

function showToast(name: string, options: ToastOptions, icon: string, duration: number): unknown {
  return settle(name, options, (outcome) => {
    askView('toast', [{ title: options.title ?? '', icon, duration, mask: options.mask === true }], () => {
      outcome.succeed();
    });
  });
}

function hideToast(name: string, options: Callbacks = {}): unknown {
  return settle(name, options, (outcome) => {
    askView('hideToast', [], () => {
      outcome.succeed();
    });
  });
}

function showModal(options: ModalArguments): unknown {
  return settle('showModal', options, (outcome) => {
    const {
      title = '',
      content = '',
      showCancel = true,
      cancelText = '取消',
      confirmText = '确定',
    } = options;
    const { editable = false, placeholderText = '' } = options;
    askView(
      'modal',
      [{ title, content, showCancel, cancelText, confirmText, editable, placeholderText }],
      (answer) => {
        outcome.succeed({ ...answer });
      },
    );
  });
}

function showActionSheet(
  options: Callbacks & { readonly itemList: readonly string[]; readonly itemColor?: string },
): unknown {
  return settle('showActionSheet', options, (outcome) => {
    askView(
      'actionSheet',
      [{ itemList: options.itemList, itemColor: options.itemColor ?? '' }],
      ({ tapIndex }) => {
        if (tapIndex < 0) outcome.fail('cancel');
        else outcome.succeed({ tapIndex });
      },
    );
  });
}

/** The part of `wx` that the frame shows; titles are those of the page that is on top. */
export function interfaceApi(current: () => OpenPage | undefined): Record<string, unknown> {
  const onPage = (name: string, options: Callbacks, act: (page: OpenPage) => void): unknown =>
    settle(name, options, (outcome) => {
      const page = current();
      if (page !== undefined) act(page);
      outcome.succeed();
    });
  return {
    showToast: (options: ToastOptions) =>
      showToast('showToast', options, options.icon ?? 'success', options.duration ?? 1500),
    hideToast: (options?: Callbacks) => hideToast('hideToast', options),
    showLoading: (options: ToastOptions) => showToast('showLoading', options, 'loading', 0),
    hideLoading: (options?: Callbacks) => hideToast('hideLoading', options),
    showModal,
    showActionSheet,
    setNavigationBarTitle: (options: Callbacks & { readonly title: string }) =>
      onPage('setNavigationBarTitle', options, ({ id }) => {
        tellView({ type: 'title', id, title: options.title });
      }),
    setNavigationBarColor: (
      options: Callbacks & { readonly frontColor: string; readonly backgroundColor: string },
    ) =>
      onPage('setNavigationBarColor', options, ({ id }) => {
        tellView({ type: 'bar-color', id, front: options.frontColor, back: options.backgroundColor });
      }),
    pageScrollTo: (options: ScrollOptions) =>
      settle('pageScrollTo', options, (outcome) => {
        const { scrollTop = 0, duration = 300 } = options;
        askView('scrollTo', [{ scrollTop, duration, selector: nodeOf(current(), options.selector) }], () => {
          outcome.succeed();
        });
      }),
  };
}

function nodeOf(page: OpenPage | undefined, selector: string | undefined): number | null {
  if (page === undefined || selector === undefined) return null;
  const element = page.component.getShadowRoot()?.querySelector(selector);
  return (element?.getBackendElement() as unknown as { node: number } | null | undefined)?.node ?? null;
}
