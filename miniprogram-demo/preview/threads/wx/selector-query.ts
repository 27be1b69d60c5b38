/** `createSelectorQuery`: nodes are found in the logic layer's tree, measured in the view, canvases handed over. */
import type { Element } from 'glass-easel';
import type { LogicElement } from '../backend.js';
import type { Instance } from '../space.js';
import { askView } from '../view-link.js';
import { later } from './callbacks.js';
import { adoptCanvas } from './canvas.js';

export interface Fields {
  readonly id?: boolean;
  readonly dataset?: boolean;
  readonly mark?: boolean;
  readonly rect?: boolean;
  readonly size?: boolean;
  readonly scrollOffset?: boolean;
  readonly properties?: readonly string[];
  readonly node?: boolean;
}

type Result = Record<string, unknown>;
type Done = (result: unknown) => void;

interface Question {
  readonly scope: () => Instance | undefined;
  readonly selector: string | null;
  readonly single: boolean;
  readonly fields: Fields;
  readonly callback: Done | undefined;
}

/** @param page the page that is asked where `in` does not name a component */
export function createSelectorQuery(page: () => Instance | undefined): SelectorQuery {
  return new SelectorQuery(page);
}

/** `SelectorQuery` of the mini-program API. */
export class SelectorQuery {
  private readonly questions: Question[] = [];

  constructor(private scope: () => Instance | undefined) {}

  in(component: Instance): this {
    this.scope = () => component;
    return this;
  }

  select(selector: string): NodesRef {
    return new NodesRef(this, selector, true);
  }

  selectAll(selector: string): NodesRef {
    return new NodesRef(this, selector, false);
  }

  selectViewport(): NodesRef {
    return new NodesRef(this, null, true);
  }

  add(selector: string | null, single: boolean, fields: Fields, callback: Done | undefined): this {
    this.questions.push({ scope: this.scope, selector, single, fields, callback });
    return this;
  }

  exec(callback?: (results: unknown[]) => void): this {
    const asked = this.questions.splice(0);
    all(
      asked.map((question) => (done: Done) => {
        answer(question, done);
      }),
      (results) => {
        asked.forEach((question, index) => question.callback?.(results[index]));
        callback?.(results);
      },
    );
    return this;
  }
}

class NodesRef {
  constructor(
    private readonly query: SelectorQuery,
    private readonly selector: string | null,
    private readonly single: boolean,
  ) {}

  fields(fields: Fields, callback?: Done): SelectorQuery {
    return this.query.add(this.selector, this.single, fields, callback);
  }

  boundingClientRect(callback?: Done): SelectorQuery {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback);
  }

  scrollOffset(callback?: Done): SelectorQuery {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback);
  }

  node(callback?: Done): SelectorQuery {
    return this.fields({ node: true }, callback);
  }

  context(): never {
    throw new Error(
      'SelectorQuery.context is not supported by the preview: use node() with <canvas type="2d">',
    );
  }
}

function answer({ scope, selector, single, fields }: Question, done: Done): void {
  if (selector === null) {
    askView('viewport', [], (view) => {
      done(view);
    });
    return;
  }
  const shadowRoot = scope()?._$.getShadowRoot() ?? null;
  const found =
    shadowRoot === null
      ? []
      : single
        ? [shadowRoot.querySelector(selector)]
        : shadowRoot.querySelectorAll(selector);
  const elements = found.filter((element): element is Element => element !== null);
  all(
    elements.map((element) => (each: Done) => {
      describe(element, fields, each);
    }),
    (results) => {
      done(single ? (results[0] ?? null) : results);
    },
  );
}

function describe(element: Element, fields: Fields, done: Done): void {
  const result: Result = {};
  if (fields.id === true) result['id'] = element.id;
  if (fields.dataset === true) result['dataset'] = element.dataset ?? {};
  if (fields.mark === true) result['mark'] = element.collectMarks();
  const target = element.getBackendElement() as unknown as LogicElement | null;
  if (target === null) {
    done(result);
    return;
  }
  all(
    partsOf(target, fields).map((part) => (each: Done) => {
      part(result, each);
    }),
    () => {
      done(result);
    },
  );
}

type Part = (result: Result, done: Done) => void;

function partsOf(element: LogicElement, fields: Fields): Part[] {
  const { node } = element;
  const parts: Part[] = [];
  if (fields.rect === true || fields.size === true)
    parts.push((result, done) => {
      askRect(node, fields, result, done);
    });
  if (fields.scrollOffset === true) {
    parts.push((result, done) => {
      askView('scrollOffset', [node], (offset) => {
        done(Object.assign(result, offset));
      });
    });
  }
  const names = fields.properties ?? [];
  if (names.length > 0) {
    parts.push((result, done) => {
      askView('properties', [node, names], (values) => {
        done(Object.assign(result, values));
      });
    });
  }
  if (fields.node === true) {
    parts.push((result, done) => {
      adoptCanvas(element, (canvas) => {
        done(Object.assign(result, { node: canvas }));
      });
    });
  }
  return parts;
}

function askRect(node: number, fields: Fields, result: Result, done: Done): void {
  askView('rect', [node], (rect, error) => {
    // The node may have gone from the page meanwhile.
    const { left, top, width, height } =
      error === undefined ? rect : { left: 0, top: 0, width: 0, height: 0 };
    if (fields.rect === true) Object.assign(result, { left, top, right: left + width, bottom: top + height });
    if (fields.size === true) Object.assign(result, { width, height });
    done(result);
  });
}

/** Runs all and gives their results in order, never inside the call. */
function all(jobs: readonly ((done: Done) => void)[], done: (results: unknown[]) => void): void {
  const results: unknown[] = new Array(jobs.length).fill(null);
  let left = jobs.length;
  if (left === 0)
    later(() => {
      done(results);
    });
  jobs.forEach((job, index) => {
    job((result) => {
      results[index] = result;
      if (--left === 0) done(results);
    });
  });
}
