/**
 * The report of the public API, one file an entry in `docs/api/`, committed so that a change of the API is seen where it
 * is reviewed. `npm run api` writes it, `npm run api:check` (in `npm test`) fails when it is out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reports = join(root, 'docs/api');
const scratch = join(root, '.cache/api');
const update = process.argv.includes('--update');

const inReport = { logLevel: ExtractorLogLevel.None, addToApiReportFile: true };
const ignored = { logLevel: ExtractorLogLevel.None };

function configure(entry) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `<projectFolder>/dist/${entry}.d.ts`,
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFolder: '<projectFolder>/docs/api',
        reportFileName: `${entry}.api.md`,
        reportTempFolder: '<projectFolder>/.cache/api',
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            strict: true,
            module: 'esnext',
            moduleResolution: 'bundler',
            lib: ['ES2020'],
            types: [],
          },
          files: [join(root, `dist/${entry}.d.ts`)],
        },
      },
      messages: {
        extractorMessageReporting: {
          default: ignored,
          // A type that a public one mentions and that nobody can import by name.
          'ae-forgotten-export': inReport,
          'ae-incompatible-release-tags': inReport,
        },
        tsdocMessageReporting: { default: ignored },
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      },
    },
  });
}

/** Whether the committed report of `entry` is the one of what was built. */
function upToDate(entry) {
  const { apiReportChanged, errorCount } = Extractor.invoke(configure(entry), {
    localBuild: update,
    messageCallback: (message) => {
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  return errorCount === 0 && (update || !apiReportChanged);
}

/** A report of an entry that is no more. */
function leftOver(entries) {
  const known = new Set(entries.map((entry) => `${entry}.api.md`));
  return readdirSync(reports).filter((file) => file.endsWith('.api.md') && !known.has(file));
}

mkdirSync(scratch, { recursive: true });
mkdirSync(reports, { recursive: true });
const entries = readdirSync(join(root, 'src'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));

const stale = entries.filter((entry) => !upToDate(entry));
for (const file of leftOver(entries)) {
  if (update) rmSync(join(reports, file));
  else stale.push(file);
}
for (const entry of entries) {
  const file = join(reports, `${entry}.api.md`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0;
  console.log(`  ${stale.includes(entry) ? 'FAILED' : 'ok    '} docs/api/${entry}.api.md, ${lines} lines`);
}
if (stale.length > 0) {
  console.error(
    `The API report is out of date (${stale.join(', ')}): npm run api, and commit what it changes.`,
  );
  process.exitCode = 1;
}
