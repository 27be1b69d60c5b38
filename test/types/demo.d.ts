/// <reference types="miniprogram-api-typings" />

/**
 * For the check of the demo's JavaScript (miniprogram-demo/jsconfig.json): a page keeps fields of its own on `this`
 * beside its data, which the typings of `Page` know nothing of.
 */
declare namespace WechatMiniprogram {
  namespace Page {
    interface Constructor {
      <Options extends object>(options: Options & ThisType<any>): void;
    }
  }
  namespace Component {
    interface Constructor {
      <Options extends object>(options: Options & ThisType<any>): string;
    }
  }
}

/** The typings let an answer be an `ArrayBuffer`, though none was asked for by `responseType`. */
interface ArrayBuffer {
  readonly message?: string;
}
