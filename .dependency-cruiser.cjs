/** The layers of `src/` and its cycles; type-only imports count too, because a type is knowledge as well. */
const { folders, forbiddenFor } = require('./test/layers/table.cjs');

const anyOf = (names) => `^src/(${names.join('|')})/`;

const layerRules = folders
  .filter((folder) => forbiddenFor(folder).length > 0)
  .map((folder) => ({
    name: `layer-${folder}`,
    comment: `${folder}/ imports only from the layers below it (test/layers/table.cjs)`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: anyOf(forbiddenFor(folder)) },
  }));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'entry-imported',
      comment: 'An entry is for users: inside, import from the file that has it',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'unknown-folder',
      comment: 'Every folder of src/ has its level in test/layers/table.cjs',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: anyOf(folders) },
      to: {},
    },
    {
      name: 'to-unknown-folder',
      comment: 'Every folder of src/ has its level in test/layers/table.cjs',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/[^/]+/', pathNot: anyOf(folders) },
    },
    {
      name: 'cycle',
      comment: 'Neither of two files that need each other can be read, tested or loaded first',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'outside',
      comment: 'The SDK is self-contained: eventemitter3 is built in, tslib is what TypeScript itself adds',
      severity: 'error',
      from: { path: '^src/' },
      to: { pathNot: '^src/|node_modules/(eventemitter3|tslib)/' },
    },
    {
      name: 'unresolvable',
      comment: 'The file does not exist',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.d.ts'],
      conditionNames: ['import', 'types', 'default'],
    },
    doNotFollow: { path: 'node_modules' },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
