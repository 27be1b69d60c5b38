/**
 * One run of WeChat's tool in a process of its own: it writes to the console as it likes, keeps handles open and has a
 * state that must not pass from one run to the next. Told by its parent `{ tool, task, … }`, answers `{ ok, … }`.
 */
const { generateKeyPairSync } = require('node:crypto');
const { createRequire } = require('node:module');
const { join } = require('node:path');

/** What the server would say of an app; the tool asks for it before it compiles. */
const attributes = {
  platform: false,
  appType: 0,
  isSandbox: false,
  released: true,
  setting: {
    MaxCodeSize: 2,
    MaxSubpackageSubCodeSize: 2,
    MaxSubpackageFullCodeSize: 30,
    NavigateMiniprogramLimit: 10,
    MaxSubPackageLimit: 100,
    MinTabbarCount: 2,
    MaxTabbarCount: 5,
    MaxTabbarIconSize: 40,
  },
};

function throwAwayKey() {
  const encoding = { type: 'pkcs1', format: 'pem' };
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: encoding,
    publicKeyEncoding: encoding,
  }).privateKey;
}

async function compile(ci, { projectPath }) {
  class OfflineProject extends ci.Project {
    async attr() {
      return attributes;
    }
  }
  const project = new OfflineProject({
    appid: 'wx0123456789abcdef',
    type: 'miniProgram',
    projectPath,
    privateKey: throwAwayKey(),
    ignores: ['node_modules/**/*'],
  });
  // Only what it transforms does the tool parse: with less than this, broken scripts, templates and styles pass.
  const setting = { es6: true, minify: true, minifyJS: true, minifyWXML: true, minifyWXSS: true };
  const compiled = await ci.getCompiledResult({
    project,
    version: '0.0.0',
    desc: 'check',
    setting,
    onProgressUpdate() {},
  });
  return Object.entries(compiled).map(([path, content]) => ({ path, bytes: content.length }));
}

async function pack(ci, { packageJsonPath, miniprogramNpmDistDir }) {
  return ci.packNpmManually({ packageJsonPath, miniprogramNpmDistDir });
}

const tasks = { compile, pack };

process.once('message', async (message) => {
  const ci = createRequire(join(message.tool, 'package.json'))('miniprogram-ci');
  let answer;
  try {
    answer = { ok: true, result: await tasks[message.task](ci, message) };
  } catch (error) {
    answer = { ok: false, code: error.code, message: String(error.message ?? error) };
  }
  process.send(answer, () => process.exit(0));
});
