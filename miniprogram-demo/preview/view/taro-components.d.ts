/** Taro's elements are published without types for the single files. */
declare module '@tarojs/components/dist/components/*.js' {
  export function defineCustomElement(): void;
}
