/**
 * WXSS to CSS: `@import` is inlined, `rpx` and viewport units become units of the phone's screen (a size container),
 * tags become the preview's elements, and the classes of a component get its prefix.
 */
import postcss from 'postcss';
import type { ChildNode, Root } from 'postcss';
import selectorParser from 'postcss-selector-parser';
import { elementName } from '../shared/tags.js';
import { resolveFrom } from '../shared/path.js';
import { convertUnits } from '../shared/units.js';

/** Reads a style sheet of the mini-program by its path from the root; `null` where there is none. */
export type ReadStyle = (path: string) => string | null;

/**
 * A selector as the view needs it.
 * @param prefix the style scope of a component: `.a` becomes `.prefix--a` and `:host` its host element.
 */
export function convertSelector(selector: string, prefix = ''): string {
  return selectorParser((root) => {
    root.walkTags((tag) => {
      if (!/^\d|^(from|to)$/.test(tag.value)) tag.value = elementName(tag.value);
    });
    if (prefix === '') return;
    root.walkClasses((node) => {
      node.value = `${prefix}--${node.value}`;
    });
    root.walkPseudos((node) => {
      if (node.value === ':host') node.replaceWith(selectorParser.attribute(hostAttribute(prefix)));
    });
  }).processSync(selector);
}

function hostAttribute(prefix: string): selectorParser.AttributeOptions {
  return { attribute: 'wx-host', operator: '=', value: prefix, quoteMark: '"', raws: {} };
}

/** The CSS for the style sheet at `path`; an absent one is empty. */
export function compileStyle(path: string, read: ReadStyle, prefix = ''): string {
  const root = inlineImports(path, read, []);
  root.walkDecls((decl) => {
    decl.value = convertUnits(decl.value);
  });
  root.walkAtRules('media', (rule) => {
    // The phone is a size container in a larger window: questions about size are about the phone.
    if (/width|height|orientation|ratio/.test(rule.params)) rule.name = 'container';
  });
  root.walkRules((rule) => {
    if (!inKeyframes(rule)) rule.selector = convertSelector(rule.selector, prefix);
  });
  return root.toString();
}

function inKeyframes(node: ChildNode): boolean {
  const parent = node.parent;
  return parent?.type === 'atrule' && 'name' in parent && parent.name.endsWith('keyframes');
}

function inlineImports(path: string, read: ReadStyle, trail: readonly string[]): Root {
  if (trail.includes(path)) throw new Error(`WXSS: ${[...trail, path].join(' imports ')}, a circle`);
  const text = read(path);
  if (text === null && trail.length > 0)
    throw new Error(`WXSS: ${trail.at(-1) ?? ''} imports ${path}, which does not exist`);
  const root = postcss.parse(text ?? '', { from: path });
  root.walkAtRules('import', (rule) => {
    const target = /["']([^"']+)["']/.exec(rule.params)?.[1];
    if (target === undefined) throw rule.error('WXSS: @import needs a path in quotes');
    rule.replaceWith(inlineImports(resolveFrom(path, target), read, [...trail, path]).nodes);
  });
  return root;
}
