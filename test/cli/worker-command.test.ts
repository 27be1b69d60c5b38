import { realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProject, native, runtime, runtimeWithGo, version } from './command.js';

const target = 'workers/mp-lanes/worker.js';
const older = runtime.replace(version, '0.0.9');

describe('mp-lanes worker', () => {
  it('puts the runtime into the directory and says so', () => {
    const project = createProject(native);
    const { code, out, err } = project.run('worker workers');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Written: ${target} (mp-lanes ${version})\n`);
    expect(project.read(target)).toBe(runtime);
    expect(project.files()).toEqual([...Object.keys(native), target].sort());
  });

  it('puts the one with Go’s concurrency there if it is asked to, and looks after it', () => {
    const project = createProject(native);
    expect(project.run('worker workers --go').code).toBe(0);
    expect(project.read(target)).toBe(runtimeWithGo);
    expect(project.run('worker workers --check --go').code).toBe(0);
    expect(project.run('worker workers --check').code).toBe(1);
  });

  it('leaves alone what is up to date', () => {
    const project = createProject({ ...native, [target]: runtime });
    const before = project.modifiedAt(target);
    const { code, out } = project.run('worker workers');
    expect([code, project.modifiedAt(target)]).toEqual([0, before]);
    expect(out).toContain(`Up to date: ${target} (mp-lanes ${version})\n`);
  });

  it('takes a copy whose line ends a checkout has changed for what it is', () => {
    const checkedOut = runtime.replaceAll('\n', '\r\n');
    expect(checkedOut).not.toBe(runtime);
    const project = createProject({ ...native, [target]: checkedOut });
    expect(project.run('worker workers --check').code).toBe(0);
  });

  it('updates a copy of another version and names both', () => {
    const project = createProject({ ...native, [target]: older });
    expect(project.run('worker workers').out).toContain(
      `Updated: ${target}, from version 0.0.9 to ${version}\n`,
    );
    expect(project.read(target)).toBe(runtime);
  });

  it('restores a copy that somebody has changed', () => {
    const project = createProject({ ...native, [target]: `${runtime}// mine\n` });
    expect(project.run('worker workers').out).toContain(
      `Restored: ${target}, which differed from that of version ${version}\n`,
    );
    expect(project.read(target)).toBe(runtime);
  });

  it('does not touch a file that is not ours, unless it is told to', () => {
    const project = createProject({ ...native, [target]: 'precious' });
    const { code, out, err } = project.run('worker workers');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${target} is not a worker runtime of mp-lanes. Nothing was written`);
    expect(project.read(target)).toBe('precious');
    expect(project.run('worker workers --force').out).toContain(`Replaced: ${target}`);
    expect(project.read(target)).toBe(runtime);
  });

  it('places the file where --file says, and nowhere outside of the directory', () => {
    const project = createProject(native);
    const { code, out } = project.run('worker workers --file vendor/lanes.js');
    expect(code).toBe(0);
    expect(out).toContain("require('./vendor/lanes.js')");
    expect(project.read('workers/vendor/lanes.js')).toBe(runtime);
    for (const file of ['../lanes.js', '.', `${project.root}/lanes.js`]) {
      const { code: refused, err } = project.run(`worker workers --file ${file}`);
      expect([refused, err]).toEqual([2, expect.stringContaining('must be a path inside the directory')]);
    }
    expect(project.files()).toEqual([...Object.keys(native), 'workers/vendor/lanes.js'].sort());
  });

  it('names paths from where the user stands', () => {
    const project = createProject(native);
    expect(project.run(`worker ${project.root}/workers`).out).toContain(`Written: ${target} `);
  });

  it('names whole paths where the directory is elsewhere', () => {
    const project = createProject({ ...native, 'here/x': '' });
    const { out } = project.run('worker ../workers', {}, 'here');
    expect(out).toContain(`Written: ${realpathSync(project.root)}/${target} `);
  });

  it('says why the system refuses to write', () => {
    const project = createProject({ ...native, 'workers/mp-lanes': 'a file' });
    const { code, err } = project.run('worker workers');
    expect(code).toBe(2);
    expect(err).toMatch(/^mp-lanes: Cannot (read|write) workers\/mp-lanes\/worker\.js: E/);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('mp-lanes worker --check', () => {
  const command = 'Run: npx mp-lanes worker workers\n';

  it.each([
    ['is missing', {}, `Missing: ${target}. ${command}`],
    [
      'is of another version',
      { [target]: older },
      `Different: ${target} is of version 0.0.9, the installed mp-lanes is ${version}. ${command}`,
    ],
    [
      'was changed',
      { [target]: `${runtime} ` },
      `Different: ${target} says ${version}, but is not what that version brings. ${command}`,
    ],
    [
      'is not ours',
      { [target]: 'precious' },
      `Different: ${target} is not a worker runtime of mp-lanes. If it may be replaced, run: npx mp-lanes worker workers --force\n`,
    ],
  ])('fails where the runtime %s, and writes nothing', (_what, files, told) => {
    const project = createProject({ ...native, ...files });
    const before = project.files();
    const { code, out, err } = project.run('worker workers --check');
    expect([code, out]).toEqual([1, '']);
    expect(err.startsWith(told)).toBe(true);
    expect(project.files()).toEqual(before);
    for (const [file, content] of Object.entries(files)) expect(project.read(file)).toBe(content);
  });

  it('tells the command that mends it with the place of the file', () => {
    const project = createProject(native);
    expect(project.run('worker workers --check --file a.js').err).toContain(
      'Run: npx mp-lanes worker workers --file a.js\n',
    );
  });

  it('passes after the command has run', () => {
    const project = createProject(native);
    expect(project.run('worker workers --check').code).toBe(1);
    expect(project.run('worker workers').code).toBe(0);
    const { code, out, err } = project.run('worker workers --check');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Up to date');
  });
});
