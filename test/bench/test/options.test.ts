import { describe, expect, it } from 'vitest';
import { readOptions } from '../options.js';

const suites = ['scheduler', 'codec'];

describe('the options of npm run bench', () => {
  it('are all suites in all hosts where nothing is said', () => {
    expect(readOptions([], suites)).toEqual({ suites, hosts: [], quick: false, json: '', help: false });
  });

  it('choose suites by name and hosts one by one', () => {
    const options = readOptions(
      ['codec', '--host', 'node', '--host', 'preview', '--quick', '--json', 'a.json'],
      suites,
    );
    expect(options).toMatchObject({
      suites: ['codec'],
      hosts: ['node', 'preview'],
      quick: true,
      json: 'a.json',
    });
  });

  it('name the argument that is wrong', () => {
    expect(() => readOptions(['worker'], suites)).toThrow('There is no suite "worker".');
    expect(() => readOptions(['--host', 'deno'], suites)).toThrow(
      '--host must be one of node, chromium, preview, not "deno".',
    );
    expect(() => readOptions(['--fast'], suites)).toThrow('--fast');
  });
});
