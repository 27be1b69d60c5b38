/** The leaf controls, which are Taro's. Only what is listed here is bundled. */
import { defineCustomElement as checkbox } from '@tarojs/components/dist/components/taro-checkbox-core.js';
import { defineCustomElement as icon } from '@tarojs/components/dist/components/taro-icon-core.js';
import { defineCustomElement as image } from '@tarojs/components/dist/components/taro-image-core.js';
import { defineCustomElement as input } from '@tarojs/components/dist/components/taro-input-core.js';
import { defineCustomElement as progress } from '@tarojs/components/dist/components/taro-progress-core.js';
import { defineCustomElement as radio } from '@tarojs/components/dist/components/taro-radio-core.js';
import { defineCustomElement as richText } from '@tarojs/components/dist/components/taro-rich-text-core.js';
import { defineCustomElement as switchElement } from '@tarojs/components/dist/components/taro-switch-core.js';
import { defineCustomElement as textarea } from '@tarojs/components/dist/components/taro-textarea-core.js';

export function defineTaroElements(): void {
  for (const define of [checkbox, icon, image, input, progress, radio, richText, switchElement, textarea])
    define();
}
