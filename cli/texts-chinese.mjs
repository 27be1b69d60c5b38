/**
 * The Chinese texts.
 *
 * @type {import('./texts.mjs').Texts}
 */
export const chinese = {
  usage: (defaultFile) => `npx mp-lanes worker <目录> [选项]

把 mp-lanes 的 Worker 运行时放进小程序的 Worker 代码目录，Worker 代码便可以 require 它；并列出项目配置还缺什么。
每次更新 mp-lanes 之后再运行一次。

  --check       不写任何文件；运行时缺失或版本不符时以 1 退出（用于 CI）
  --file PATH   运行时在该目录中的位置（${defaultFile}）
  --go          带 Go 并发（routine、Chan、select）的运行时
  --force       即使那里的文件不是 mp-lanes 的运行时也替换
  --lang en|zh  输出语言（默认取自 LANG）
  --version     mp-lanes 的版本
  --help        本说明

退出码：0 一切正常，1 --check 发现差异，2 命令无法执行。
`,

  noCommand: '要执行哪个命令？只有一个：worker。',
  unknownCommand: (name) => `没有命令“${name}”，只有：worker。`,
  unknownOption: (option) => `没有选项 ${option}。`,
  badOption: (option) => `选项 ${option} 的写法不对。`,
  unknownLanguage: (name, known) => `--lang 只能是 ${known.join('、')}，不能是“${name}”。`,
  noFolder: '哪个目录？请给出 Worker 代码所在的目录，例如：npx mp-lanes worker workers',
  tooMany: (more) => `一次只能处理一个目录，多余的是：${more.join(' ')}`,
  noSuchFolder: (folder) => `没有目录 ${folder}。请先创建它，或换一个目录。`,
  notAFolder: (folder) => `${folder} 是文件，不是目录。`,
  isTheRoot: (folder, better) =>
    `${folder} 是小程序的根目录（app.json 在其中），不是 Worker 目录。你要的是 ${better} 吗？`,
  fileOutside: (file) => `--file 必须是该目录之内的路径，不能是“${file}”。`,
  targetIsFolder: (target) => `${target} 是目录，而运行时是一个文件。`,
  isForeign: (target) =>
    `${target} 不是 mp-lanes 的 Worker 运行时。没有写入任何内容；--force 会替换它，--file 可以换一个位置。`,
  cannotRead: (target, reason) => `无法读取 ${target}：${reason}`,
  cannotWrite: (target, reason) => `无法写入 ${target}：${reason}`,
  incomplete: '安装的 mp-lanes 中没有 Worker 运行时。请重新安装该包。',
  errorHead: 'mp-lanes：',
  seeHelp: '全部用法：npx mp-lanes --help',

  written: (target, version) => `已写入：${target}（mp-lanes ${version}）`,
  updated: (target, from, to) => `已更新：${target}，从版本 ${from} 到 ${to}`,
  restored: (target, version) => `已恢复：${target}，它与版本 ${version} 自带的不同`,
  replaced: (target, version) => `已替换：${target} 现在是 mp-lanes ${version}`,
  upToDate: (target, version) => `已是最新：${target}（mp-lanes ${version}）`,

  checkMissing: (target, command) => `缺失：${target}。请运行：${command}`,
  checkOther: (target, found, wanted, command) =>
    `不一致：${target} 的版本是 ${found}，安装的 mp-lanes 是 ${wanted}。请运行：${command}`,
  checkChanged: (target, version, command) =>
    `不一致：${target} 自称 ${version}，内容却与该版本自带的不同。请运行：${command}`,
  checkForeign: (target, command) =>
    `不一致：${target} 不是 mp-lanes 的 Worker 运行时。如果可以替换它，请运行：${command} --force`,

  noProject: '项目：在此目录之上没有找到 app.json',
  nativeProject: (root) => `项目：原生小程序，根目录是 ${root}`,
  taroProject: (root) => `项目：Taro，位于 ${root}`,
  uniAppProject: (root, vue) => `项目：uni-app（Vue ${String(vue)}），源码在 ${root}`,
  ok: '  已就绪  ',
  toDo: '  待处理  ',

  addWorkers: (file) => `${file} 必须声明此目录，请加上：`,
  changeWorkers: (file, found, wanted) =>
    `${file} 声明的是另一个目录（${found}），而目录只能有一个：请改为 "${wanted}"，或移动 Worker 代码。`,
  workersNamed: (file) => `${file} 的 "workers" 已声明此目录。`,
  workersNamedAsSubpackage: (file) => `${file} 的 "workers" 已声明此目录，作为分包。`,
  missingFile: (file) => `没有 ${file}，其中必须有：`,
  brokenFile: (file) => `${file} 不是可读的 JSON，其中必须有：`,
  npmPlaced: (file) => `${file} 已告诉“构建 npm” package.json 在哪里。`,
  placeNpm: (file) => `package.json 不在小程序根目录，“构建 npm”需要在 ${file} 里写明：`,
  inOutput: (folder, better) =>
    `${folder} 在构建产物之中，每次构建都会重写。请把 Worker 代码放在 ${better}，再对它运行本命令。`,
  taroCopies: (file) => `${file} 会把此目录复制到构建产物。`,
  addTaroCopy: (file) => `构建时必须原样复制此目录；除非你另有办法，请在 ${file} 里写：`,
  uniAppCopies: (folder) => `构建时会原样复制 ${folder}。`,
  moveIntoStatic: (folder, better) =>
    `构建时不会复制 ${folder}。请把 Worker 代码移到 ${better}，再对它运行本命令。`,

  inWorker: (path) => `Worker 中：const { expose } = require('./${path}');`,
  onPage: (path) => `页面中：    const worker = new Worker('${path}');`,
};
