import { describe, expect, it } from 'vitest';
import { createModules } from '../../miniprogram-demo/preview/threads/modules.js';
import { resolveFrom, resolveModule } from '../../miniprogram-demo/preview/shared/path.js';

const files = new Set([
  'app.js',
  'pages/a/a.js',
  'pages/a/index.js',
  'shared/b.js',
  'miniprogram_npm/mp-lanes/index.js',
  'miniprogram_npm/mp-lanes/scheduler.js',
  'pages/a/miniprogram_npm/near/index.js',
  'miniprogram_npm/near/index.js',
]);
const resolve = (from: string, target: string): string | null =>
  resolveModule(from, target, (path) => files.has(path));

describe('paths', () => {
  it('are relative to the file or start at the root', () => {
    expect(resolveFrom('pages/a/a.js', '../../shared/b')).toBe('shared/b');
    expect(resolveFrom('pages/a/a.js', './c.wxss')).toBe('pages/a/c.wxss');
    expect(resolveFrom('pages/a/a.js', '/x/./y')).toBe('x/y');
  });

  it('do not leave the mini-program', () => {
    expect(() => resolveFrom('pages/a/a.js', '../../../etc/passwd')).toThrow('leaves the mini-program');
    expect(resolve('app.js', '../outside')).toBeNull();
  });
});

describe('require', () => {
  it('finds a package and its other entries in miniprogram_npm', () => {
    expect(resolve('pages/a/a.js', 'mp-lanes')).toBe('miniprogram_npm/mp-lanes/index.js');
    expect(resolve('pages/a/a.js', 'mp-lanes/scheduler')).toBe('miniprogram_npm/mp-lanes/scheduler.js');
    expect(resolve('miniprogram_npm/mp-lanes/index.js', './scheduler.js')).toBe(
      'miniprogram_npm/mp-lanes/scheduler.js',
    );
  });

  it('prefers the nearest miniprogram_npm', () => {
    expect(resolve('pages/a/a.js', 'near')).toBe('pages/a/miniprogram_npm/near/index.js');
    expect(resolve('app.js', 'near')).toBe('miniprogram_npm/near/index.js');
  });

  it('adds .js and index.js, and knows when there is nothing', () => {
    expect(resolve('app.js', './shared/b')).toBe('shared/b.js');
    expect(resolve('app.js', './pages/a')).toBe('pages/a/index.js');
    expect(resolve('app.js', './none')).toBeNull();
    expect(resolve('app.js', 'none')).toBeNull();
  });
});

describe('modules', () => {
  it('run once, see one another in a circle, and say what is missing', () => {
    const log: string[] = [];
    const modules = createModules(() => true);
    modules.define('a.js', (require, module) => {
      log.push('a');
      module.exports = { b: require('./b') };
    });
    modules.define('b.js', (require, module) => {
      log.push('b');
      module.exports = { a: typeof require('./a') };
    });
    modules.define('c.js', (require) => require('./nowhere'));
    expect(modules.run('a.js')).toEqual({ b: { a: 'object' } });
    modules.run('b.js');
    expect(log).toEqual(['a', 'b']);
    expect(() => modules.run('c.js')).toThrow("module './nowhere' is not defined");
  });

  it('refuse what is outside the workers directory', () => {
    const modules = createModules((path) => path.startsWith('workers/'));
    modules.define('workers/index.js', (require) => require('../app.js'));
    modules.define('app.js', () => undefined);
    expect(() => modules.run('workers/index.js')).toThrow("module '../app.js' is not defined");
  });
});
