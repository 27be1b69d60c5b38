/**
 * Which element of the view stands for a tag of WXML. Leaf controls are Taro's Stencil elements; what has children of
 * its own is ours (`view/elements`), because Stencil moves the children of its elements about.
 */
const taroTags = new Set([
  'checkbox',
  'icon',
  'image',
  'input',
  'progress',
  'radio',
  'rich-text',
  'switch',
  'textarea',
]);

/** The built-in components the preview has, as they are written in WXML. */
export const builtInTags: readonly string[] = [
  ...taroTags,
  'block',
  'button',
  'canvas',
  'checkbox-group',
  'form',
  'label',
  'navigator',
  'page',
  'picker',
  'radio-group',
  'scroll-view',
  'slider',
  'swiper',
  'swiper-item',
  'text',
  'view',
];

/** The element name for a tag of WXML, built-in or of a custom component. */
export function elementName(tag: string): string {
  return taroTags.has(tag) ? `taro-${tag}-core` : `wx-${tag}`;
}
