/** The leaf controls, which are Taro's. Only what is listed here is bundled. */
import taroCss from '@tarojs/components/dist/taro-components/taro-components.css';
import { defineCustomElement as checkbox } from '@tarojs/components/dist/components/taro-checkbox-core.js';
import { defineCustomElement as icon } from '@tarojs/components/dist/components/taro-icon-core.js';
import { defineCustomElement as image } from '@tarojs/components/dist/components/taro-image-core.js';
import { defineCustomElement as input } from '@tarojs/components/dist/components/taro-input-core.js';
import { defineCustomElement as progress } from '@tarojs/components/dist/components/taro-progress-core.js';
import { defineCustomElement as radio } from '@tarojs/components/dist/components/taro-radio-core.js';
import { defineCustomElement as richText } from '@tarojs/components/dist/components/taro-rich-text-core.js';
import { defineCustomElement as switchElement } from '@tarojs/components/dist/components/taro-switch-core.js';
import { defineCustomElement as textarea } from '@tarojs/components/dist/components/taro-textarea-core.js';
import { make } from './dom.js';

/** The icons' font belongs to the document: `@font-face` does nothing inside a shadow root, where the pages are. */
const iconFont = /@font-face\s*\{[^}]*font-family:\s*weui[^}]*\}/.exec(taroCss)?.[0] ?? '';

export function defineTaroElements(): void {
  document.head.append(make('style', '', iconFont));
  for (const define of [checkbox, icon, image, input, progress, radio, richText, switchElement, textarea])
    define();
}
