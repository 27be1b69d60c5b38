/** Paths inside a mini-program: always with `/`, never with a leading one. Pure, so that the browser can use it too. */

/** `a/b/c.js` and `../d` give `a/d`; a leading `/` in `target` starts at the root. */
export function resolveFrom(from: string, target: string): string {
  const parts = target.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.length === 0) throw new Error(`"${target}" in ${from} leaves the mini-program`);
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The folder a path is in, `''` at the root. */
export function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/**
 * The file that `require(target)` in the file `from` means, as DevTools resolves it: relative to the file or the root,
 * with or without `.js`, or a package's `index.js`; a bare name is looked up in each `miniprogram_npm` on the way up.
 * @returns `null` where there is none
 */
export function resolveModule(
  from: string,
  target: string,
  exists: (path: string) => boolean,
): string | null {
  if (/^\.{0,2}\//.test(target) || target === '.' || target === '..')
    return asFile(within(from, target), exists);
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const found = asFile(`${folder === '' ? '' : `${folder}/`}miniprogram_npm/${target}`, exists);
    if (found !== null || folder === '') return found;
  }
}

function within(from: string, target: string): string | null {
  try {
    return resolveFrom(from, target);
  } catch {
    return null;
  }
}

function asFile(path: string | null, exists: (path: string) => boolean): string | null {
  if (path === null) return null;
  return (
    [path, `${path}.js`, path === '' ? 'index.js' : `${path}/index.js`].find((each) => exists(each)) ?? null
  );
}

/** A path of the mini-program to where the server has the file. */
export function assetUrl(source: string): string {
  return /^(?:https?:|data:|blob:)/.test(source) ? source : `/app/file/${source.replace(/^\//, '')}`;
}
