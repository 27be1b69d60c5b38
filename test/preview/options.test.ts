import { describe, expect, it } from 'vitest';
import { defaultPort, defaultServicePort, readOptions } from '../../miniprogram-demo/preview/options.js';

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(readOptions([], {})).toMatchObject({
      port: defaultPort,
      servicePort: defaultServicePort,
      strict: true,
      open: true,
    });
  });

  it('come from the environment, and from the command line before it', () => {
    const env = { PORT: '4000', SERVICE_PORT: '4001', HOST: '0.0.0.0' };
    expect(readOptions([], env)).toMatchObject({ port: 4000, servicePort: 4001, host: '0.0.0.0' });
    expect(readOptions(['--port', '0', '--service-port=5'], env)).toMatchObject({ port: 0, servicePort: 5 });
  });

  it('never open a browser, nor take a fixed port, for a headless run', () => {
    expect(readOptions(['--check'], {})).toMatchObject({ open: false, port: 0, servicePort: 0, check: true });
    expect(readOptions(['--screenshots', 'out'], {})).toMatchObject({ open: false, screenshots: 'out' });
  });

  it('turn strictness and opening off', () => {
    expect(readOptions(['--loose', '--no-open'], {})).toMatchObject({ strict: false, open: false });
  });

  it('refuse what is no port and what they do not know', () => {
    expect(() => readOptions(['--port', '70000'], {})).toThrow('--port must be a port');
    expect(() => readOptions(['--port', 'x'], {})).toThrow('"x"');
    expect(() => readOptions(['--nonsense'], {})).toThrow('--nonsense');
  });
});
