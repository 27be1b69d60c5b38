/** Makes the built-in components known to the browser. */
import { builtInTags, elementName } from '../../shared/tags.js';
import { defineTaroElements } from '../taro-elements.js';
import {
  BoxElement,
  ButtonElement,
  ChoiceGroupElement,
  FormElement,
  LabelElement,
  NavigatorElement,
} from './containers.js';
import { CanvasElement, PickerElement, SliderElement } from './controls.js';
import { ScrollViewElement, SwiperElement } from './scrolling.js';

const own: Readonly<Record<string, CustomElementConstructor>> = {
  button: ButtonElement,
  canvas: CanvasElement,
  'checkbox-group': ChoiceGroupElement,
  form: FormElement,
  label: LabelElement,
  navigator: NavigatorElement,
  picker: PickerElement,
  'radio-group': ChoiceGroupElement,
  'scroll-view': ScrollViewElement,
  slider: SliderElement,
  swiper: SwiperElement,
};

export function defineElements(): void {
  defineTaroElements();
  for (const tag of builtInTags) {
    const name = elementName(tag);
    // A class can be registered once: each tag gets one of its own.
    if (customElements.get(name) === undefined)
      customElements.define(name, class extends (own[tag] ?? BoxElement) {});
  }
}
