/** Stands in for `@tarojs/taro`, of which the elements use a few functions that the preview has no need of. */
const nothing = (): void => undefined;

const taro = {
  eventCenter: { on: nothing, off: nothing, once: nothing, trigger: nothing },
  getCurrentInstance: () => ({ page: null, router: null }),
  getEnv: () => 'WEB',
};

// A default export because that is what is imported.
// eslint-disable-next-line no-restricted-exports
export default taro;
