/**
 * `npm run check:official`: what WeChat's own tool says of the package and of the demo, without network or account.
 * `-- --self-test` also plants faults into copies of the demo and expects each to be found.
 */
import { execFileSync, fork } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faults } from './faults.mjs';
import { installOfficialTool } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = join(root, 'miniprogram-demo');
const timeoutMs = 180_000;

const tool = installOfficialTool();
const temporary = mkdtempSync(join(tmpdir(), 'mp-lanes-official-'));
const counts = { passed: 0, failed: 0 };

/** Runs one task of the tool; rejects with all that it wrote if it ends without an answer. */
function run(task) {
  return new Promise((resolve, reject) => {
    // The tool leaves folders where it stands.
    const child = fork(join(root, 'test/official/tool.cjs'), { silent: true, cwd: temporary });
    const timer = setTimeout(() => child.kill(), timeoutMs);
    let written = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += chunk));
    child.on('message', (answer) => {
      resolve({ ...answer, written });
    });
    child.on('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the tool ended without an answer\n${written}`));
    });
    child.send({ tool, ...task });
  });
}

async function check(what, body) {
  try {
    const found = await body();
    counts.passed++;
    console.log(`  ok      ${what}${found ? `: ${found}` : ''}`);
  } catch (error) {
    counts.failed++;
    console.log(`  FAILED  ${what}\n${String(error.message).replaceAll(/^/gm, '          ')}`);
  }
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** A project that has the packed package and nothing else. */
function projectWithPackage() {
  const project = join(temporary, 'project');
  const installed = join(project, 'node_modules/mp-lanes');
  mkdirSync(installed, { recursive: true });
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const described = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary], options),
  );
  const [{ filename }] = Object.values(described);
  execFileSync('tar', ['-xzf', join(temporary, filename), '-C', installed, '--strip-components=1']);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ dependencies: { 'mp-lanes': '*' } }));
  return { project, built: join(installed, 'miniprogram_dist') };
}

/** “构建 npm”, for the logic layer (`into` empty) or a second time for worker code, as `packNpmRelationList` does. */
async function npmBuild({ project, built }, into) {
  const answer = await run({
    task: 'pack',
    packageJsonPath: join(project, 'package.json'),
    miniprogramNpmDistDir: join(project, into),
  });
  assert(answer.ok, answer.message);
  const placed = join(project, into, 'miniprogram_npm/mp-lanes');
  const files = readdirSync(built);
  for (const file of files) {
    assert(existsSync(join(placed, file)), `${file} was not placed`);
    assert(readFileSync(join(placed, file)).equals(readFileSync(join(built, file))), `${file} was changed`);
  }
  return `${files.length} files, verbatim`;
}

async function demoCompiles() {
  assert(
    existsSync(join(demo, 'miniprogram/workers/mp-lanes/worker.js')),
    'the SDK is not in place: npm run build',
  );
  const answer = await run({ task: 'compile', projectPath: demo });
  assert(answer.ok, answer.message);
  const paths = answer.result.map(({ path }) => path);
  const { pages } = JSON.parse(readFileSync(join(demo, 'miniprogram/app.json'), 'utf8'));
  const wanted = [
    'miniprogram_npm/mp-lanes/index.js',
    'workers/mp-lanes/worker.js',
    ...pages.flatMap((page) => ['js', 'json', 'wxml', 'wxss'].map((extension) => `${page}.${extension}`)),
  ];
  const missing = wanted.filter((path) => !paths.includes(path));
  assert(missing.length === 0, `not in the compiled package: ${missing.join(', ')}`);
  const bytes = answer.result.reduce((sum, file) => sum + file.bytes, 0);
  assert(bytes <= 2_000_000, `${bytes} bytes, more than the 2 MB of a package`);
  return `${paths.length} files, ${pages.length} pages, ${Math.round(bytes / 1000)} kB of 2000`;
}

async function faultIsFound(plant) {
  const copy = mkdtempSync(join(temporary, 'fault-'));
  cpSync(join(demo, 'project.config.json'), join(copy, 'project.config.json'));
  cpSync(join(demo, 'miniprogram'), join(copy, 'miniprogram'), { recursive: true });
  const app = join(copy, 'miniprogram');
  const [page] = JSON.parse(readFileSync(join(app, 'app.json'), 'utf8')).pages;
  plant({ app, page });
  const answer = await run({ task: 'compile', projectPath: copy });
  assert(!answer.ok, 'the compiler did not mind');
  return answer.message.replaceAll(/\s+/g, ' ').slice(0, 80);
}

try {
  console.log('miniprogram-ci 2.1.42, offline');
  const packed = projectWithPackage();
  await check('npm build of the packed package', () => npmBuild(packed, ''));
  await check('npm build of the packed package, for worker code', () => npmBuild(packed, 'workers'));
  await check('the demo compiles', demoCompiles);
  if (process.argv.includes('--self-test')) {
    for (const [fault, plant] of Object.entries(faults))
      await check(`finds ${fault}`, () => faultIsFound(plant));
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
writeFileSync(join(root, '.cache/official-results.json'), JSON.stringify(counts));
console.log(`${counts.passed} checks passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
