/** The names of the functions of `wx`, read from WeChat's own typings. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let names: readonly string[] | null = null;

/** Every function that the interface `Wx` of `miniprogram-api-typings` declares. */
export function apiNames(): readonly string[] {
  names ??= readNames();
  return names;
}

function readNames(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve('miniprogram-api-typings/package.json'));
  const text = readFileSync(join(folder, 'types', 'wx', 'lib.wx.api.d.ts'), 'utf8');
  const body = /\n {4}interface Wx \{([\s\S]*?)\n {4}\}/.exec(text)?.[1] ?? '';
  return [...new Set([...body.matchAll(/^ {8}([a-z]\w*)[<(]/gm)].map((match) => match[1] ?? ''))];
}
