/**
 * The view's copy of the pages' trees. Operations of the logic layer are replayed in order; each node keeps the id the
 * logic layer gave it. Invariant: a node is in `nodes` from its `new` or `text` to its `release`.
 */
import { assetUrl } from '../shared/path.js';
import { convertUnits } from '../shared/units.js';
import { elementName } from '../shared/tags.js';
import type { NodeId, Operation } from '../shared/protocol.js';
import { PreviewElement } from './elements/base.js';

/** A Taro element takes values as properties. */
type PropertyBag = Record<string, unknown>;

export class Tree {
  private readonly nodes = new Map<NodeId, Node>();
  private readonly ids = new WeakMap<Node, NodeId>();
  private readonly given = new WeakMap<Element, Map<string, unknown>>();
  private readonly listened = new Map<string, number>();
  private readonly models = new WeakMap<Element, Set<string>>();

  apply(operations: readonly Operation[]): void {
    for (const operation of operations) this.applyOne(operation);
  }

  /** Makes `node` stand for an id that is announced before its `new`. */
  adopt(id: NodeId, node: Node): void {
    this.keep(id, node);
  }

  element(id: NodeId): Element | null {
    const node = this.nodes.get(id);
    return node instanceof Element ? node : null;
  }

  /** The nearest node of the tree along the path of a browser event, innermost first. */
  idIn(path: readonly EventTarget[]): NodeId | undefined {
    for (const target of path) {
      const id = target instanceof Node ? this.ids.get(target) : undefined;
      if (id !== undefined && target instanceof Element) return id;
    }
    return undefined;
  }

  idOf(element: Element): NodeId | undefined {
    return this.ids.get(element);
  }

  /** Whether anything of the mini-program ever listened to this type. */
  listensTo(type: string): boolean {
    return this.listened.has(type);
  }

  modelsOf(element: Element): ReadonlySet<string> {
    return this.models.get(element) ?? new Set();
  }

  /** The value an attribute was given, for what is no property of any element (`hover-class`). */
  attribute(element: Element, name: string): unknown {
    return this.given.get(element)?.get(name);
  }

  private applyOne(operation: Operation): void {
    switch (operation[0]) {
      case 'new':
        if (!this.nodes.has(operation[1])) this.keep(operation[1], create(operation[2]));
        break;
      case 'text':
        this.setText(operation[1], operation[2]);
        break;
      case 'append':
        this.need(operation[1]).appendChild(this.need(operation[2]));
        break;
      case 'before': {
        const before = this.need(operation[3]);
        (before.parentNode ?? this.need(operation[1])).insertBefore(this.need(operation[2]), before);
        break;
      }
      case 'remove':
        this.nodes.get(operation[2])?.parentNode?.removeChild(this.need(operation[2]));
        break;
      case 'release':
        this.nodes.delete(operation[1]);
        break;
      case 'listen':
        this.listened.set(operation[2], (this.listened.get(operation[2]) ?? 0) + 1);
        break;
      default:
        this.change(operation);
    }
  }

  private change(
    operation: Extract<
      Operation,
      readonly ['id' | 'host' | 'class' | 'style' | 'attribute' | 'model', ...unknown[]]
    >,
  ): void {
    const element = this.element(operation[1]);
    if (!(element instanceof HTMLElement)) return;
    switch (operation[0]) {
      case 'id':
        element.id = operation[2];
        break;
      case 'host':
        element.setAttribute('wx-host', operation[2]);
        break;
      case 'style':
        element.style.cssText = convertUnits(operation[2]);
        break;
      case 'class':
        if (operation[2] === '') element.className = '';
        else element.classList.toggle(operation[2], operation[3]);
        break;
      case 'model':
        this.models.set(element, new Set([...this.modelsOf(element), operation[2]]));
        break;
      case 'attribute':
        this.setAttribute(element, operation[2], operation[3]);
        break;
    }
  }

  private setAttribute(element: HTMLElement, name: string, value: unknown): void {
    const given = this.given.get(element) ?? new Map<string, unknown>();
    this.given.set(element, given.set(name, value));
    if (name === 'hidden') element.toggleAttribute('hidden', value !== null && value !== false);
    else if (element instanceof PreviewElement) element.setValue(name, value);
    else if (/^(?:aria-|role$)/.test(name)) element.setAttribute(name, String(value));
    else setProperty(element, name, value);
  }

  private setText(id: NodeId, content: string): void {
    const known = this.nodes.get(id);
    if (known === undefined) this.keep(id, document.createTextNode(content));
    else known.textContent = content;
  }

  private keep(id: NodeId, node: Node): void {
    this.nodes.set(id, node);
    this.ids.set(node, id);
  }

  private need(id: NodeId): Node {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`The view has no node ${String(id)}`);
    return node;
  }
}

/** Where the client's look is set by attribute and Taro's default is another. */
const clientDefaults: Readonly<Record<string, PropertyBag>> = {
  switch: { color: '#07c160' },
  progress: { activeColor: '#07c160' },
};

function create(tag: string): HTMLElement {
  return Object.assign(document.createElement(nameFor(tag)), clientDefaults[tag]);
}

function nameFor(tag: string): string {
  return tag.startsWith('page-') || tag === 'root' ? `wx-${tag}` : elementName(tag.toLowerCase());
}

/** Taro's elements: what their own props cannot do is done to the inner control. */
function setProperty(element: HTMLElement, name: string, value: unknown): void {
  const bag = element as unknown as PropertyBag;
  if (name === 'placeholder-style') element.style.setProperty('--placeholder-color', colorIn(String(value)));
  else if (name === 'src' && typeof value === 'string') bag['src'] = assetUrl(value);
  else if (value === null) bag[camel(name)] = undefined;
  else if (name === 'focus') bag['autoFocus'] = value !== false && value !== 'false';
  else bag[camel(name)] = value;
}

function colorIn(style: string): string {
  return /(?:^|;)\s*color\s*:\s*([^;]+)/.exec(style)?.[1] ?? '';
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
