import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPeers } from '../peers.js';
import type { Installer } from '../peers.js';

let folder = '';
let said: string[] = [];
let installs = 0;

/** As `npm ci`: what was there goes first. */
const installer = (failure: string | null = null): Installer => ({
  install(into) {
    installs++;
    rmSync(join(into, 'node_modules'), { recursive: true, force: true });
    if (failure === null) mkdirSync(join(into, 'node_modules'));
    return failure;
  },
  say: (text) => void said.push(text),
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mp-lanes-peers-'));
  writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3}');
  said = [];
  installs = 0;
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('installPeers', () => {
  it('installs once and says so, and not again', () => {
    installPeers(folder, installer());
    installPeers(folder, installer());
    expect(installs).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('npm ci');
  });

  it('installs again when the lock file has changed', () => {
    installPeers(folder, installer());
    writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":4}');
    installPeers(folder, installer());
    expect(installs).toBe(2);
  });

  it('says what npm said when that fails, and tries again the next time', () => {
    expect(() => installPeers(folder, installer('ENOTFOUND'))).toThrow(
      'npm ci in test/bench failed.\nENOTFOUND',
    );
    installPeers(folder, installer());
    expect(installs).toBe(2);
  });
});
