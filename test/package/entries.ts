/** The entries of the package and the files that serve them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Names of the entries, taken from the sources: `index`, `scheduler`, … */
export function entryNames(root: string): string[] {
  return readdirSync(join(root, 'src'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}

/** What a user writes to get the entry `name`. */
export function specifierOf(name: string): string {
  return name === 'index' ? 'mp-lanes' : `mp-lanes/${name}`;
}

/** All files under `folder`, with `/` between the parts. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** `file` and every file that it requires, directly or not, in the order in which they are met. */
export function requiredFiles(file: string, met: string[] = []): string[] {
  if (met.includes(file)) return met;
  met.push(file);
  for (const [, request] of readFileSync(file, 'utf8').matchAll(/\brequire\(["']([^"']+)["']\)/g)) {
    requiredFiles(normalize(join(dirname(file), request!)), met);
  }
  return met;
}
