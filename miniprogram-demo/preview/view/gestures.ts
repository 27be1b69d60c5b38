/**
 * Fingers and mouse to the mini-program's touch events: `touchstart/move/end/cancel`, `tap`, `longpress`, and the
 * pressed look (`hover-class`), which the view shows by itself, also while the logic layer is busy.
 */
import type { NodeId } from '../shared/protocol.js';
import { ButtonElement } from './elements/containers.js';
import type { Tree } from './tree.js';

/** Sends one event to the logic layer. */
export type SendEvent = (
  node: NodeId,
  type: string,
  detail: unknown,
  options: { readonly bubbles: boolean; readonly fields?: Record<string, unknown> },
) => void;

const longPressMs = 350;
const maxTapMovePx = 10;

interface Press {
  readonly path: readonly EventTarget[];
  readonly startX: number;
  readonly startY: number;
  readonly node: NodeId;
  timer: ReturnType<typeof setTimeout>;
  moved: boolean;
  long: boolean;
  endHover: () => void;
}

interface Point {
  readonly identifier: number;
  readonly pageX: number;
  readonly pageY: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** Listens on one page's root. `origin` is the element whose corner is (0, 0) for the mini-program. */
export class Gestures {
  private readonly presses = new Map<number, Press>();

  constructor(
    private readonly root: HTMLElement,
    private readonly tree: Tree,
    private readonly send: SendEvent,
  ) {
    root.addEventListener('pointerdown', (event) => {
      this.down(event);
    });
    root.addEventListener('pointermove', (event) => {
      this.move(event);
    });
    root.addEventListener('pointerup', (event) => {
      this.up(event);
    });
    root.addEventListener('pointercancel', (event) => {
      this.cancel(event);
    });
    root.addEventListener('contextmenu', (event) => {
      if (this.presses.size > 0) event.preventDefault();
    });
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const path = event.composedPath();
    const node = this.tree.idIn(path);
    if (node === undefined) return;
    const press: Press = {
      path,
      node,
      startX: event.clientX,
      startY: event.clientY,
      moved: false,
      long: false,
      timer: setTimeout(() => {
        this.longPress(press, event);
      }, longPressMs),
      endHover: this.startHover(path),
    };
    this.presses.set(event.pointerId, press);
    this.bubble('touchstart', press, event);
  }

  private move(event: PointerEvent): void {
    const press = this.presses.get(event.pointerId);
    if (press === undefined) return;
    if (Math.hypot(event.clientX - press.startX, event.clientY - press.startY) > maxTapMovePx) {
      press.moved = true;
      clearTimeout(press.timer);
      press.endHover();
    }
    this.bubble('touchmove', press, event);
  }

  private up(event: PointerEvent): void {
    const press = this.finish(event);
    if (press === undefined) return;
    this.bubble('touchend', press, event);
    if (press.moved || press.long || isDisabled(press.path)) return;
    const target = press.path[0];
    target?.dispatchEvent(new CustomEvent('preview-tap', { bubbles: true, composed: true }));
    this.bubble('tap', press, event);
  }

  private cancel(event: PointerEvent): void {
    const press = this.finish(event);
    if (press !== undefined) this.bubble('touchcancel', press, event);
  }

  private finish(event: PointerEvent): Press | undefined {
    const press = this.presses.get(event.pointerId);
    this.presses.delete(event.pointerId);
    clearTimeout(press?.timer);
    press?.endHover();
    return press;
  }

  private longPress(press: Press, event: PointerEvent): void {
    if (isDisabled(press.path)) return;
    // Where nobody wants a long press it is a slow tap.
    press.long = this.tree.listensTo('longpress') || this.tree.listensTo('longtap');
    this.bubble('longpress', press, event);
    this.bubble('longtap', press, event);
  }

  private bubble(type: string, press: Press, event: PointerEvent): void {
    if (!this.tree.listensTo(type)) return;
    const point = this.point(event);
    const touches = type === 'touchend' || type === 'touchcancel' ? [] : [point];
    const fields = { touches, changedTouches: [point] };
    this.send(press.node, type, { x: point.pageX, y: point.pageY }, { bubbles: true, fields });
  }

  private point(event: PointerEvent): Point {
    const { left, top } = this.root.getBoundingClientRect();
    const [clientX, clientY] = [event.clientX - left, event.clientY - top];
    return {
      identifier: event.pointerId,
      clientX,
      clientY,
      pageX: clientX,
      pageY: clientY + this.root.scrollTop,
    };
  }

  /** Shows the pressed look on the innermost element that has one; gives what ends it. */
  private startHover(path: readonly EventTarget[]): () => void {
    const element = path.find(
      (each): each is HTMLElement => each instanceof HTMLElement && this.hoverClass(each) !== '',
    );
    if (element === undefined || isDisabled(path)) return () => undefined;
    const names = this.hoverClass(element).split(/\s+/);
    const isButton = element instanceof ButtonElement;
    const numberOf = (name: string, otherwise: number): number =>
      Number(this.tree.attribute(element, name) ?? otherwise);
    const start = setTimeout(
      () => {
        element.classList.add(...names);
      },
      numberOf('hover-start-time', isButton ? 20 : 50),
    );
    return () => {
      clearTimeout(start);
      setTimeout(
        () => {
          element.classList.remove(...names);
        },
        numberOf('hover-stay-time', isButton ? 70 : 400),
      );
    };
  }

  private hoverClass(element: HTMLElement): string {
    const given = this.tree.attribute(element, 'hover-class');
    if (given === 'none') return '';
    return typeof given === 'string' && given !== ''
      ? given
      : element instanceof ButtonElement
        ? 'button-hover'
        : '';
  }
}

function isDisabled(path: readonly EventTarget[]): boolean {
  return path.some((each) => each instanceof ButtonElement && each.flag('disabled'));
}
