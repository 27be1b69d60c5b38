import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createProject, native, version } from './command.js';

const { tarball } = inject('packed');

describe('the command mp-lanes', () => {
  it('explains itself', () => {
    const project = createProject(native);
    const { code, out, err } = project.run('--help');
    expect([code, err]).toEqual([0, '']);
    for (const option of ['--check', '--file', '--go', '--force', '--lang', '--version', '--help']) {
      expect(out).toContain(`  ${option}`);
    }
    expect(project.run('worker workers --help').out).toBe(out);
    expect(project.run('-h').out).toBe(out);
    expect(project.files()).toEqual(Object.keys(native).sort());
  });

  it('tells its version', () => {
    const { code, out } = createProject(native).run('--version');
    expect([code, out]).toEqual([0, `${version}\n`]);
  });

  it.each([
    ['', 'Which command?'],
    ['build', 'There is no command "build"'],
    ['worker', 'Which directory?'],
    ['worker workers more', 'One directory at a time; too much: more'],
    ['worker workers --chek', 'There is no option --chek.'],
    ['worker workers --check=yes', 'The option --check was not given as it is meant.'],
    ['worker workers --file', 'The option --file was not given as it is meant.'],
    ['worker workers --lang fr', '--lang must be one of en, zh, not "fr".'],
    ['worker nowhere', 'There is no directory nowhere.'],
    ['worker app.json', 'app.json is a file, not a directory.'],
    ['worker .', 'app.json is in it), not its workers directory. Do you mean workers?'],
    ['worker workers --file inner', 'workers/inner is a directory; the runtime is a file.'],
  ])('refuses "%s" in words', (args, told) => {
    const project = createProject({ ...native, 'workers/inner/x.js': '' });
    const before = project.files();
    const { code, out, err } = project.run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^mp-lanes: /);
    expect(err).toContain(told);
    expect(err).not.toMatch(/\n {4}at /);
    expect(project.files()).toEqual(before);
  });

  it.each([
    ['--lang zh', {}, true],
    ['--lang=zh', { LANG: 'en_US.UTF-8' }, true],
    ['', { LANG: 'zh_CN.UTF-8' }, true],
    ['', { LC_MESSAGES: 'zh_TW', LANG: 'en_US.UTF-8' }, true],
    ['', { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, false],
    ['', { LC_ALL: '', LANG: 'zh_CN.UTF-8' }, true],
    ['--lang en', { LANG: 'zh_CN.UTF-8' }, false],
    ['', {}, false],
  ])('speaks the language of "%s" and %j', (option, env, isChinese) => {
    const project = createProject(native);
    const { out } = project.run(`worker workers ${option}`, env);
    expect(out).toContain(isChinese ? '已写入：workers/' : 'Written: workers/');
    expect(project.run(`wroker ${option}`, env).err).toContain(
      isChinese ? '没有命令' : 'There is no command',
    );
  });

  it('says the same in Chinese, line by line, with the same lines to write', () => {
    const project = createProject({
      'package.json': {},
      'project.config.json': { miniprogramRoot: 'mp/' },
      'mp/app.json': {},
      'mp/workers/': '',
    });
    const english = project.run('worker mp/workers').out.split('\n');
    const chinese = project.run('worker mp/workers --lang zh').out.split('\n');
    expect(chinese).toHaveLength(english.length);
    const toWrite = (lines: string[]) => lines.filter((line) => line.startsWith(' '.repeat(11)));
    expect(toWrite(chinese)).toEqual(toWrite(english));
    expect(toWrite(english)).toContain('           "workers": "workers"');
    expect(english.filter((line) => /[\u4e00-\u9fff]/.test(line))).toEqual([]);
    const untranslated = chinese.filter((line) => line.trim() !== '' && !/[\u4e00-\u9fff]/.test(line));
    expect(untranslated).toEqual(toWrite(chinese));
  });

  it('is installed by npm and found by npx', () => {
    const project = createProject({ ...native, '.npmrc': 'audit=false\nfund=false\n' });
    const npm = (...args: string[]) =>
      spawnSync('npm', args, { cwd: project.root, encoding: 'utf8', timeout: 60_000 });
    const installed = npm('install', '--offline', '--ignore-scripts', tarball);
    expect([installed.status, installed.stderr]).toEqual([0, '']);
    const ran = npm('exec', '--no', '--', 'mp-lanes', 'worker', 'workers', '--lang', 'en');
    expect(ran.stdout).toContain('Written: workers/mp-lanes/worker.js');
    writeFileSync(join(project.root, 'node_modules/mp-lanes/miniprogram_dist/worker.js'), '');
    const broken = npm('exec', '--no', '--', 'mp-lanes', 'worker', 'workers', '--lang', 'en');
    expect([broken.status, broken.stderr]).toEqual([
      2,
      expect.stringContaining('Install the package again.'),
    ]);
  });
});
