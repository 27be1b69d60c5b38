/** Builds the frame's own elements. */

/** An element with class, text and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** A button of the frame. */
export function makeButton(
  className: string,
  label: string,
  onClick: () => void,
  ...content: readonly (Node | string)[]
): HTMLButtonElement {
  const button = make('button', className, ...content);
  button.type = 'button';
  button.setAttribute('aria-label', label);
  button.addEventListener('click', onClick);
  return button;
}
