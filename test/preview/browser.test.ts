import { describe, expect, it } from 'vitest';
import { findBrowser } from '../../miniprogram-demo/preview/browser.js';
import type { Surroundings } from '../../miniprogram-demo/preview/browser.js';

function machine(
  files: readonly string[],
  env: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
): Surroundings {
  return {
    env: { PATH: '/usr/local/bin:/usr/bin', ...env },
    platform,
    exists: (path) => files.includes(path),
  };
}

describe('finding a browser', () => {
  it('takes the one that CHROME_PATH names before any other', () => {
    const found = findBrowser(machine(['/opt/mine', '/usr/bin/chromium'], { CHROME_PATH: '/opt/mine' }));
    expect(found).toEqual({ path: '/opt/mine', source: 'CHROME_PATH' });
  });

  it('says so when CHROME_PATH names nothing', () => {
    expect(() => findBrowser(machine(['/usr/bin/chromium'], { CHROME_PATH: '/gone' }))).toThrow(
      'CHROME_PATH is /gone',
    );
  });

  it('looks for Chromium, Chrome and Edge on the PATH', () => {
    expect(findBrowser(machine(['/usr/bin/google-chrome']))?.path).toBe('/usr/bin/google-chrome');
    expect(findBrowser(machine(['/usr/local/bin/microsoft-edge']))?.path).toBe(
      '/usr/local/bin/microsoft-edge',
    );
    expect(findBrowser(machine(['/usr/bin/google-chrome', '/usr/bin/chromium']))?.path).toBe(
      '/usr/bin/chromium',
    );
  });

  it('knows where macOS and Windows put them', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(machine([mac], {}, 'darwin'))).toEqual({ path: mac, source: 'system' });
    const edge = 'C:\\PF\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(machine([edge], { ProgramFiles: 'C:\\PF' }, 'win32'))).toEqual({
      path: edge,
      source: 'system',
    });
  });

  it('finds none on a bare machine', () => {
    expect(findBrowser(machine([]))).toBeNull();
  });
});
