import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalPipes } from '../../src/adapters/local-pipes.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  host.assertClean();
  uninstall();
});

function open() {
  const [a, b] = createLocalPipes();
  const got: unknown[] = [];
  return {
    a,
    b,
    got,
    listen: () => b.listen({ message: (each) => got.push(each), end: () => got.push('end') }),
  };
}

describe('two pipes of this thread', () => {
  it('carry messages as they are, as tasks in order, also those from before somebody listens', () => {
    const { a, got, listen } = open();
    const message = { n: 1 };
    a.send(message);
    host.runUntilIdleSync();
    listen();
    a.send(2);
    a.send(3);
    expect(got).toEqual([message]);
    expect(got[0]).toBe(message);
    host.runUntilIdleSync();
    expect(got.slice(1)).toEqual([2, 3]);
  });

  it('deliver what was sent before a close, then tell the other end; nothing comes the other way', () => {
    const { a, b, got, listen } = open();
    listen();
    const back: unknown[] = [];
    a.listen({ message: (each) => back.push(each), end: () => back.push('end') });
    a.send('last');
    b.send('too late');
    a.close();
    a.close();
    host.runUntilIdleSync();
    b.send('nobody hears');
    host.runUntilIdleSync();
    expect([got, back]).toEqual([['last', 'end'], []]);
  });
});
