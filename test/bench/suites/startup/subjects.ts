/** What is evaluated, each in processes of its own. */

export interface Subject {
  readonly name: string;
  /** `own`: of `miniprogram_dist/`. `peer`: packages. */
  readonly kind: 'own' | 'peer';
  /** What is required, one after another. */
  readonly entries: readonly string[];
  /** Whether every export is read afterwards, so that what is evaluated at its first use is, too. */
  readonly touches: boolean;
  /** Whether it is loaded in a worker of the mini-program in place of the logic layer. */
  readonly inWorker: boolean;
}

export const indexName = 'index';
export const peersName = 'React scheduler and Comlink';

/** The peers' production builds, by the names that `entries` have; they require nothing. */
export const peerFiles: Readonly<Record<string, string>> = {
  'scheduler.js': 'test/bench/node_modules/scheduler/cjs/scheduler.production.js',
  'comlink.js': 'node_modules/comlink/dist/umd/comlink.js',
};

const own = (name: string): Subject => ({
  name,
  kind: 'own',
  entries: [`${name}.js`],
  touches: false,
  inWorker: name.startsWith('worker'),
});

export const subjects: readonly Subject[] = [
  { name: peersName, kind: 'peer', entries: Object.keys(peerFiles), touches: false, inWorker: false },
  own(indexName),
  { ...own(indexName), name: 'index, everything used', touches: true },
  ...['scheduler', 'channel', 'page', 'go', 'go-dev', 'pool', 'worker', 'worker-go', 'testing'].map(own),
];
