import { describe, expect, it } from 'vitest';
import { readOptions } from '../options.js';

const suites = ['scheduler', 'codec'];

describe('the options of npm run bench', () => {
  it('are all suites in all hosts where nothing is said', () => {
    expect(readOptions([], suites)).toEqual({
      suites,
      hosts: [],
      quick: false,
      json: '',
      from: '',
      compare: '',
      docs: false,
      help: false,
    });
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

  it('read a file in place of measuring, and compare with another', () => {
    const options = readOptions(['--from', 'a.json', '--compare', 'b.json', '--docs'], suites);
    expect(options).toMatchObject({ from: 'a.json', compare: 'b.json', docs: true, json: '' });
  });

  it('refuse what a run that measures nothing cannot do', () => {
    expect(() => readOptions(['--from', 'a.json', '--json', 'b.json'], suites)).toThrow('measures nothing');
    expect(() => readOptions(['--from', 'a.json', '--quick'], suites)).toThrow('measures nothing');
  });

  it('name the argument that is wrong', () => {
    expect(() => readOptions(['worker'], suites)).toThrow('There is no suite "worker": scheduler, codec.');
    expect(() => readOptions(['--host', 'deno'], suites)).toThrow(
      '--host must be one of node, jitless, chromium, preview, not "deno".',
    );
    expect(() => readOptions(['--fast'], suites)).toThrow('--fast');
  });
});
