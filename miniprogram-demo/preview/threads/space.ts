/** The mini-program's components: WeChat's component framework, fed with the compiled files. */
import { addGlobalErrorListener, addGlobalWarningListener } from 'glass-easel';
import type { GeneralBackendContext, GeneralComponent } from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import type { Manifest } from '../shared/manifest.js';
import { builtInTags } from '../shared/tags.js';
import { createSelectorQuery } from './wx/selector-query.js';
import { traffic } from './view-link.js';

/** A page or a component as the mini-program's code sees it (`this`). */
export type Instance = Record<string, unknown> & {
  readonly _$: GeneralComponent;
  readonly data: Record<string, unknown>;
  setData(data: Record<string, unknown>, callback?: () => void): void;
};

/** A component of no content, made to get hold of what all instances inherit. */
const probePath = 'preview/probe';

/** `setData` refuses more on a device. */
const maxSetDataBytes = 1024 * 1024;

export type TemplateGroups = Readonly<Record<string, never>>;

/** The component space of one mini-program. */
export class Space {
  private readonly environment = new MiniProgramEnv();
  readonly code: CodeSpace;
  private backend: AssociatedBackend | null = null;
  private definingPath = '';

  constructor(
    private readonly manifest: Manifest,
    templates: TemplateGroups,
  ) {
    this.code = this.environment.createCodeSpace('app', true);
    const space = this.code.getComponentSpace();
    space.updateComponentOptions({ writeIdToDOM: true });
    for (const tag of builtInTags) space.setGlobalUsingComponent(tag, tag);
    for (const [path, config] of Object.entries(manifest.components)) this.add(path, config, templates);
  }

  /** Gives the space its backend, once. */
  attach(context: GeneralBackendContext, warn: (text: string) => void): void {
    this.backend = this.environment.associateBackend(context);
    this.code.addComponentStaticConfig(probePath, {});
    this.code.component(probePath).definition({}).register();
    instrumentSetData(basePrototype(this.createPage(probePath).instance), warn);
  }

  /** Creates the page component at `path`, not yet in the tree. */
  createPage(path: string): { component: GeneralComponent; instance: Instance } {
    if (this.backend === null) throw new Error('The space has no backend yet');
    const root = this.backend.createRoot('page', this.code, path);
    return { component: root.getComponent(), instance: root.get() as unknown as Instance };
  }

  /** Runs `define`, in which `Page` and `Component` belong to the file at `path`. */
  defining(path: string, define: () => void): void {
    const outer = this.definingPath;
    this.definingPath = path.replace(/\.js$/, '');
    try {
      define();
    } finally {
      this.definingPath = outer;
    }
  }

  /** The globals that define components. */
  globals(): Record<string, unknown> {
    const at = (): string => this.definingPath;
    return {
      Page: (definition: never) => this.code.component(at()).pageDefinition(definition).register(),
      Component: (definition: never) => this.code.component(at()).definition(definition).register(),
      Behavior: (definition: never) => this.code.behavior().definition(definition).register(),
    };
  }

  private add(path: string, config: Manifest['components'][string], templates: TemplateGroups): void {
    const { usingComponents: appUses = {} } = this.manifest.app;
    const absolute = (uses: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(uses).map(([tag, target]) => [tag, `/${target.replace(/^\//, '')}`]));
    this.code.addComponentStaticConfig(path, {
      ...config,
      usingComponents: { ...absolute(appUses), ...absolute(config.usingComponents ?? {}) },
    } as never);
    this.code.addStyleSheet(path, undefined, this.manifest.scopes[path]);
    const content = templates[path];
    if (content === undefined) throw new Error(`${path}.wxml does not exist`);
    // Without the fallback `bindtap` (no colon) would be an attribute.
    this.code.addCompiledTemplate(path, {
      groupList: templates,
      content,
      fallbackListenerOnNativeNode: true,
    });
  }
}

/** Sends errors and warnings of the framework, and what it catches from the mini-program, to `report`. */
export function listenToFramework(reportError: (error: unknown) => void, warn: (text: string) => void): void {
  addGlobalErrorListener((error: unknown) => {
    reportError(error);
    return false;
  });
  addGlobalWarningListener((message: unknown) => {
    warn(String(message));
    return false;
  });
}

/** `setData` is counted, sized and checked as on a device, where the data crosses to the view as JSON. */
function instrumentSetData(prototype: Record<string, unknown>, warn: (text: string) => void): void {
  const original = prototype['setData'] as (this: unknown, data: unknown, callback?: () => void) => void;
  prototype['setData'] = function setData(this: unknown, data: unknown, callback?: () => void): void {
    if (typeof data !== 'object' || data === null)
      throw new TypeError(`setData needs an object, not ${String(data)}`);
    const bytes = JSON.stringify(data).length;
    traffic.setDataCalls++;
    traffic.setDataBytes += bytes;
    if (bytes > maxSetDataBytes)
      throw new Error(`setData: ${String(bytes)} characters of JSON exceed the limit of 1024 kB`);
    for (const [key, value] of Object.entries(data)) {
      if (value === undefined) warn(`Setting data field "${key}" to undefined is invalid.`);
    }
    original.call(this, data, callback);
  };
  prototype['createSelectorQuery'] = function query(this: unknown) {
    return createSelectorQuery(() => this as Instance).in(this as Instance);
  };
}

function basePrototype(instance: object): Record<string, unknown> {
  let level: object = instance;
  while (!Object.hasOwn(level, 'setData')) level = Object.getPrototypeOf(level) as object;
  return level as Record<string, unknown>;
}
