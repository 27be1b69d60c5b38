/** What ESLint checks: `npm run lint:code` (a dotfile, so it is named on the command line and in the editor's settings). */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import layerTable from './test/layers/table.cjs';

const { folders, forbiddenFor } = layerTable;
const {
  root: typescriptFiles,
  demo,
  command,
  tools,
} = {
  root: ['**/*.ts'],
  demo: [
    'miniprogram-demo/miniprogram/**/*.js',
    'test/preview/fixture/**/*.js',
    'test/bench/preview-app/**/*.js',
  ],
  command: ['cli/**/*.mjs'],
  tools: ['*.{js,mjs,cjs}', '.*.{mjs,cjs}', 'test/**/*.{mjs,cjs}', 'miniprogram-demo/preview/**/*.{mjs,cjs}'],
};

/** Objects of a host: reached through `host/` alone, so that one place knows what a device has and has not. */
const hostGlobals = [
  ...['wx', 'my', 'tt', 'qq', 'swan', 'worker', 'getApp', 'getCurrentPages', 'App', 'Page', 'Component'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
  ...['queueMicrotask', 'requestAnimationFrame', 'requestIdleCallback', 'cancelIdleCallback', 'performance'],
  ...[
    'console',
    'globalThis',
    'window',
    'self',
    'global',
    'document',
    'navigator',
    'location',
    'process',
    'require',
  ],
  ...[
    'postMessage',
    'onmessage',
    'MessageChannel',
    'MessagePort',
    'MessageEvent',
    'Worker',
    'BroadcastChannel',
  ],
  ...[
    'AbortController',
    'AbortSignal',
    'Event',
    'EventTarget',
    'DOMException',
    'structuredClone',
    'reportError',
  ],
  ...[
    'TextEncoder',
    'TextDecoder',
    'Buffer',
    'Blob',
    'URL',
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'crypto',
  ],
  ...['atob', 'btoa', 'localStorage', 'scheduler'],
].map((name) => ({
  name,
  message: 'Host objects are reached through host/ alone: no device promises this one.',
}));

const promise = {
  name: 'Promise',
  message:
    'On old iOS every `.then` costs a timer turn: callbacks here, promises at the edge of the public API.',
};

/** Files of the callback core in which a public function returns a promise, each with its reason. */
const promiseEdges = [];

/** Syntax that is allowed nowhere in `src/`. */
const everywhere = [
  { selector: 'ExportAllDeclaration', message: 'Re-export by name, and in an entry only.' },
  { selector: 'TSEnumDeclaration', message: 'A union of literals says the same and costs nothing.' },
  {
    selector: 'NewExpression[callee.name=/^(Type|Range|Syntax)?Error$/][arguments.length>1]',
    message: 'The engine floor ignores the options of Error: set `cause` as a property.',
  },
];

/** A file of nothing but imports and re-exports. */
const barrel = {
  selector:
    'Program:not(:has(> :not(ImportDeclaration, ExportAllDeclaration, ExportNamedDeclaration:not([declaration]))))',
  message: 'No barrels: import from the file that has it. Only entries re-export.',
};

const declared = 'Only host/ and adapters/ may declare a global of a host.';
const newBuiltIns =
  '/^(Float16Array|SharedArrayBuffer|Atomics|BigInt|BigInt64Array|BigUint64Array|WeakRef|Iterator)$/';

/** A `declare` would hide a host global from `no-restricted-globals`; that of a newer built-in hides nothing. */
const ambient = [
  {
    // A brand that exists in types only (`unique symbol`) hides nothing either.
    selector:
      `VariableDeclaration[declare=true] > VariableDeclarator:not([id.name=${newBuiltIns}])` +
      ":not([id.typeAnnotation.typeAnnotation.operator='unique'])",
    message: declared,
  },
  { selector: 'TSDeclareFunction[declare=true]', message: declared },
  { selector: 'ClassDeclaration[declare=true]', message: declared },
  { selector: 'TSModuleDeclaration[global=true]', message: declared },
  { selector: "TSModuleDeclaration[kind='global']", message: declared },
];

const asynchrony = [
  { selector: ':function[async=true]', message: promise.message },
  { selector: "CallExpression > MemberExpression[property.name='then']", message: promise.message },
];

const relativeWithSuffix = {
  regex: String.raw`^\.{1,2}/(?!.*\.js$)`,
  message: 'A relative import ends in .js.',
};

function layerConfig(folder) {
  const forbidden = forbiddenFor(folder);
  const upward = forbidden.map((name) => ({
    regex: String.raw`^(\.\./)+${name}/`,
    message: `${folder}/ must not import from ${name}/ (test/layers/table.cjs).`,
  }));
  const entry = {
    regex: String.raw`^\.\./[^/]+\.js$`,
    message: 'An entry is for users, not for the layers below.',
  };
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [relativeWithSuffix, ...upward, entry] }] },
  };
}

/** Rules of `tseslint.configs.strictTypeChecked` that this code has a reason not to keep. */
const relaxed = {
  // A one-line callback may end in a call that returns nothing.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // What the types promise, a host may still lack; checks of it are deliberate.
  '@typescript-eslint/no-unnecessary-condition': 'off',
  // The web platform rejects and throws whatever an abort's reason is.
  '@typescript-eslint/prefer-promise-reject-errors': 'off',
  '@typescript-eslint/only-throw-error': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/no-invalid-void-type': [
    'error',
    { allowAsThisParameter: true, allowInGenericTypeArguments: true },
  ],
  '@typescript-eslint/no-empty-function': 'off',
  // Built-ins are taken from their prototypes on purpose, so that a page's patches do not reach them.
  '@typescript-eslint/unbound-method': 'off',
  // `String(value)` of anything at all is what WebIDL's conversions are.
  '@typescript-eslint/no-base-to-string': 'off',
  // An optional argument is written `= undefined` where the function's `length` must not count it.
  '@typescript-eslint/no-useless-default-assignment': 'off',
  // Classes with an illegal constructor make their instances by `Object.create`.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
};

const strict = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'no-restricted-exports': [
    'error',
    { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
  ],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-eval': 'error',
  'no-new-func': 'error',
};

const nodeGlobals = [
  'process',
  'console',
  'URL',
  'Buffer',
  'setTimeout',
  'clearTimeout',
  'performance',
  'fetch',
];
const commonjsGlobals = ['require', 'module', 'exports', '__dirname', '__filename'];
const logicGlobals = ['wx', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages'];
const timerGlobals = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'console'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'miniprogram_dist/',
      'coverage/',
      // Compiled by a test against the packed types, as no project of this repository.
      'test/package/consumer/',
      // Belongs to the JavaScript project of the demo.
      'test/types/demo.d.ts',
      '**/.cache/',
      'miniprogram-demo/miniprogram/miniprogram_npm/',
      'miniprogram-demo/miniprogram/workers/mp-lanes/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: typescriptFiles,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { ...relaxed, ...strict },
  },
  {
    // Types in JSDoc, so that it runs as it is.
    files: command,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true }, globals: readonly(nodeGlobals) },
    rules: {
      ...relaxed,
      ...strict,
      // A cast is how JSDoc gives a type to what comes from outside.
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      // It asks for the options of Error, which the engine floor ignores.
      'preserve-caught-error': 'off',
      // Options records and wire values are edited on purpose; null-prototype records have no other way.
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-restricted-globals': ['error', { globals: hostGlobals, checkGlobalObject: true }],
      'no-restricted-imports': ['error', { patterns: [relativeWithSuffix] }],
      'no-restricted-syntax': ['error', ...everywhere, ...ambient],
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['src/*/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...ambient, barrel] },
  },
  ...folders.map(layerConfig),
  {
    files: ['src/{core,codec,channel}/**/*.ts'],
    ignores: promiseEdges,
    rules: {
      'no-restricted-globals': ['error', { globals: [...hostGlobals, promise], checkGlobalObject: true }],
      'no-restricted-syntax': ['error', ...everywhere, ...ambient, barrel, ...asynchrony],
    },
  },
  {
    files: ['src/{host,adapters}/**/*.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-syntax': ['error', ...everywhere, barrel] },
  },
  {
    files: ['test/**/*.ts', 'miniprogram-demo/**/*.ts'],
    rules: {
      // Doubles of foreign interfaces and raw messages are handled as what they are.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      // On virtual time a promise is looked at after the clock was moved; a rejection nobody handles fails the run.
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-misused-new': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-control-regex': 'off',
      // What a test of a codec or of a proxy is about.
      'no-sparse-arrays': 'off',
      'no-prototype-builtins': 'off',
      '@typescript-eslint/no-array-delete': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-restricted-properties': [
        'error',
        ...['it', 'test', 'describe'].map((object) => ({
          object,
          property: 'only',
          message: 'It would silence every other test.',
        })),
      ],
    },
  },
  {
    files: ['**/*.d.ts', 'test/**/vitest.config.ts', 'test/package/packed.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: tools,
    languageOptions: { globals: readonly(nodeGlobals) },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: readonly(commonjsGlobals) },
  },
  {
    files: demo,
    languageOptions: {
      sourceType: 'commonjs',
      ecmaVersion: 2018,
      globals: readonly([...commonjsGlobals, ...logicGlobals, ...timerGlobals]),
    },
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
  { files: ['test/preview/fixture/**/*.js'], languageOptions: { ecmaVersion: 2022 } },
  {
    files: ['**/workers/**/*.js'],
    languageOptions: { globals: { worker: 'readonly' } },
    rules: {
      'no-restricted-globals': ['error', { name: 'wx', message: 'A worker of a mini-program has no wx.' }],
    },
  },
);
