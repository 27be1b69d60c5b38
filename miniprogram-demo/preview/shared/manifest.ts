/** What the threads are told of the mini-program before its first file runs. */

/** A page's or the app's window settings, as in `app.json`. */
export interface WindowConfig {
  readonly navigationBarTitleText?: string;
  readonly navigationBarBackgroundColor?: string;
  readonly navigationBarTextStyle?: 'black' | 'white';
  readonly navigationStyle?: 'default' | 'custom';
  readonly backgroundColor?: string;
  readonly disableScroll?: boolean;
  readonly onReachBottomDistance?: number;
}

/** One entry of the tab bar. */
export interface TabConfig {
  readonly pagePath: string;
  readonly text: string;
  readonly iconPath?: string;
  readonly selectedIconPath?: string;
}

/** The tab bar. */
export interface TabBarConfig {
  readonly color?: string;
  readonly selectedColor?: string;
  readonly backgroundColor?: string;
  readonly borderStyle?: 'black' | 'white';
  readonly list: readonly TabConfig[];
}

/** `app.json`, as far as the preview reads it. */
export interface AppConfig {
  readonly pages: readonly string[];
  readonly entryPagePath?: string;
  readonly window?: WindowConfig;
  readonly workers?: string | { readonly path: string };
  readonly usingComponents?: Readonly<Record<string, string>>;
  readonly tabBar?: TabBarConfig;
}

/** The `.json` beside a page or a component. */
export interface ComponentConfig extends WindowConfig {
  readonly component?: boolean;
  readonly usingComponents?: Readonly<Record<string, string>>;
  readonly styleIsolation?: string;
  readonly pureDataPattern?: string;
}

/** The whole mini-program, without the text of its files. */
export interface Manifest {
  readonly app: AppConfig;
  /** JavaScript files of the logic layer, by path from the root. */
  readonly scripts: readonly string[];
  /** JavaScript files under the workers directory. */
  readonly workerScripts: readonly string[];
  /** The workers directory, `''` where there is none. */
  readonly workersFolder: string;
  /** Pages and components by path without extension. */
  readonly components: Readonly<Record<string, ComponentConfig>>;
  /** The style scope of each component; a page has none. */
  readonly scopes: Readonly<Record<string, string>>;
  /** The functions of `wx` that a device has, supported here or not. */
  readonly apiNames: readonly string[];
  /** What `wx.getExtConfigSync()` answers: the way to tell a mini-program of its surroundings. */
  readonly ext: Readonly<Record<string, unknown>>;
}
