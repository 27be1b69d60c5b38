/**
 * The backend that the component framework draws on: each method becomes an operation for the view, and the operations
 * of one run of code travel together. Nothing of the view is known here but the ids of its nodes.
 */
import type { composedBackend, Element, StyleScopeManager } from 'glass-easel';
import type { NodeId, Operation } from '../shared/protocol.js';

/** Where the operations go. */
export interface OperationSink {
  /** Called once a run of code (a microtask after the first operation) with all its operations. */
  flush(operations: readonly Operation[], renders: readonly number[]): void;
}

type RenderCallback = (error: Error | null) => void;

/** The framework prefixes ids with eight characters that make them unique; the view shows them as written. */
const idPrefix = /^[0-9a-z]{8}--/i;

/** The tree of all pages on the logic side. */
export class LogicBackend implements composedBackend.Context {
  /** `BackendMode.Composed`, which the framework exports to the type checker only. */
  readonly mode = 2 as unknown as composedBackend.Context['mode'];
  private readonly elements = new Map<NodeId, LogicElement>();
  private readonly rendered = new Map<number, RenderCallback>();
  private operations: Operation[] = [];
  private renders: number[] = [];
  private lastId = 0;
  private flushing = false;
  private readonly root: LogicElement;

  constructor(
    private readonly sink: OperationSink,
    readonly scopes: StyleScopeManager,
    private readonly size: { readonly width: number; readonly height: number; readonly pixelRatio: number },
  ) {
    this.root = this.createElement('root');
  }

  getWindowWidth(): number {
    return this.size.width;
  }

  getWindowHeight(): number {
    return this.size.height;
  }

  getDevicePixelRatio(): number {
    return this.size.pixelRatio;
  }

  getRootNode(): LogicElement {
    return this.root;
  }

  getTheme(): string {
    return 'light';
  }

  /** Style sheets are loaded by the view, a page at a time. */
  registerStyleSheetContent(): void {
    // Nothing to keep here.
  }

  appendStyleSheetPath(): number {
    return 0;
  }

  disableStyleSheet(): void {
    // Nothing was added.
  }

  destroy(): void {
    this.elements.clear();
  }

  /** Events come in as messages and are dispatched by the thread itself. */
  onEvent(): void {
    // Nothing to connect.
  }

  /** `stylingName` is the tag as it is written in WXML, also that of a custom component. */
  createElement(tagName: string, stylingName = tagName): LogicElement {
    const element = this.add(false);
    this.push(['new', element.node, stylingName]);
    return element;
  }

  createTextNode(content: string): LogicElement {
    const element = this.add(false);
    this.push(['text', element.node, content]);
    return element;
  }

  createFragment(): LogicElement {
    return this.add(true);
  }

  /** Calls `callback` when everything up to here has been drawn. */
  render(callback: RenderCallback): void {
    const id = ++this.lastId;
    this.rendered.set(id, callback);
    this.renders.push(id);
    this.schedule();
  }

  /** The view has drawn what `render` waited for. */
  completeRenders(ids: readonly number[]): void {
    for (const id of ids) {
      const callback = this.rendered.get(id);
      this.rendered.delete(id);
      callback?.(null);
    }
  }

  element(node: NodeId): LogicElement | undefined {
    return this.elements.get(node);
  }

  push(operation: Operation): void {
    this.operations.push(operation);
    this.schedule();
  }

  forget(node: NodeId): void {
    this.elements.delete(node);
  }

  private add(isFragment: boolean): LogicElement {
    const element = new LogicElement(this, ++this.lastId, isFragment);
    this.elements.set(element.node, element);
    return element;
  }

  private schedule(): void {
    if (this.flushing) return;
    this.flushing = true;
    void Promise.resolve().then(() => {
      this.flushing = false;
      const { operations, renders } = this;
      this.operations = [];
      this.renders = [];
      this.sink.flush(operations, renders);
    });
  }
}

/** One node. It keeps its own list of children, which is what the framework's splices are about. */
export class LogicElement implements composedBackend.Element {
  __wxElement?: Element;
  /** Set where WXML says `model:value="{{…}}"`: writes the value back to the data. */
  readonly models = new Map<string, (value: unknown) => void>();
  private children: LogicElement[] = [];
  private parent: LogicElement | null = null;
  private scope = 0;

  constructor(
    private readonly context: LogicBackend,
    readonly node: NodeId,
    private readonly isFragment: boolean,
  ) {}

  associateValue(value: Element): void {
    this.__wxElement = value;
  }

  release(): void {
    this.context.forget(this.node);
    if (!this.isFragment) this.context.push(['release', this.node]);
  }

  appendChild(child: LogicElement): void {
    this.insert([child], this.children.length, 0);
  }

  insertBefore(child: LogicElement, before: LogicElement): void {
    this.insert([child], this.children.indexOf(before), 0);
  }

  replaceChild(child: LogicElement, old: LogicElement): void {
    this.insert([child], this.children.indexOf(old), 1);
  }

  removeChild(child: LogicElement): void {
    this.insert([], this.children.indexOf(child), 1);
  }

  spliceBefore(before: LogicElement, deleteCount: number, list: LogicElement): void {
    this.insert(list.takeChildren(), this.children.indexOf(before), deleteCount);
  }

  spliceAppend(list: LogicElement): void {
    this.insert(list.takeChildren(), this.children.length, 0);
  }

  spliceRemove(before: LogicElement, deleteCount: number): void {
    this.insert([], this.children.indexOf(before), deleteCount);
  }

  setId(id: string): void {
    this.context.push(['id', this.node, id.replace(idPrefix, '')]);
  }

  setStyleScope(scope: number, _extraScope?: number, hostScope?: number): void {
    this.scope = scope;
    const name = hostScope === undefined ? undefined : this.context.scopes.queryName(hostScope);
    if (name !== undefined && name !== '') this.context.push(['host', this.node, name]);
  }

  setStyle(style: string): void {
    this.context.push(['style', this.node, style]);
  }

  addClass(name: string, scope?: number): void {
    this.context.push(['class', this.node, this.scoped(name, scope), true]);
  }

  removeClass(name: string, scope?: number): void {
    this.context.push(['class', this.node, this.scoped(name, scope), false]);
  }

  clearClasses(): void {
    this.context.push(['class', this.node, '', false]);
  }

  setAttribute(name: string, value: unknown): void {
    const isClass = name.endsWith('-class') && typeof value === 'string';
    const sent = isClass
      ? value
          .split(/\s+/)
          .map((each) => this.scoped(each, this.scope))
          .join(' ')
      : sendable(value);
    this.context.push(['attribute', this.node, name, sent]);
  }

  removeAttribute(name: string): void {
    this.context.push(['attribute', this.node, name, null]);
  }

  setText(content: string): void {
    this.context.push(['text', this.node, content]);
  }

  setListenerStats(type: string): void {
    this.context.push(['listen', this.node, type]);
  }

  setModelBindingStat(attribute: string, listener: ((value: unknown) => void) | null): void {
    if (listener === null) this.models.delete(attribute);
    else this.models.set(attribute, listener);
    this.context.push(['model', this.node, attribute]);
  }

  private scoped(name: string, scope: number | undefined): string {
    const prefix = scope === undefined ? '' : this.context.scopes.queryName(scope);
    return prefix === undefined || prefix === '' ? name : `${prefix}--${name}`;
  }

  private takeChildren(): LogicElement[] {
    return this.children.splice(0);
  }

  private insert(added: readonly LogicElement[], index: number, deleteCount: number): void {
    for (const child of added) child.parent?.drop(child);
    const removed = this.children.splice(index, deleteCount, ...added);
    for (const child of removed) {
      child.parent = null;
      if (!this.isFragment) this.context.push(['remove', this.node, child.node]);
    }
    for (const child of added) child.parent = this;
    if (!this.isFragment) this.place(added, this.children[index + added.length]);
  }

  private place(added: readonly LogicElement[], before: LogicElement | undefined): void {
    for (const child of added) {
      if (before === undefined) this.context.push(['append', this.node, child.node]);
      else this.context.push(['before', this.node, child.node, before.node]);
    }
  }

  /** A node that moves elsewhere leaves the list it was in; in the view the insertion itself moves it. */
  private drop(child: LogicElement): void {
    this.children = this.children.filter((each) => each !== child);
  }
}

/** Attributes may hold objects and arrays of the data: what cannot be sent is left out, as `setData` does. */
function sendable(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return null;
  return typeof value === 'object' && value !== null ? (JSON.parse(JSON.stringify(value)) as unknown) : value;
}
