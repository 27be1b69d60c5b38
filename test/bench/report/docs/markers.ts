/** The generated parts of a page: each lies between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`, and prose around them. */

const marker = /<!-- bench:([\w-]+) -->[\s\S]*?<!-- \/bench:\1 -->/g;

/** The names of the blocks of a page, in their order. @throws Error for a marker without its other half */
export function blocksOf(page: string): string[] {
  const opened = [...page.matchAll(/<!-- bench:([\w-]+) -->/g)].map((found) => found[1] ?? '');
  const whole = [...page.matchAll(marker)].map((found) => found[1] ?? '');
  const broken = opened.find((name) => !whole.includes(name));
  if (broken !== undefined) throw new Error(`the marker bench:${broken} is never closed, or not by itself`);
  const twice = whole.find((name, at) => whole.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`the marker bench:${twice} is there twice`);
  return whole;
}

/**
 * The page with what each block holds now; everything outside of the markers stays as it is.
 * @throws Error where the page has a marker for which there is nothing, or lacks one
 */
export function fillBlocks(page: string, contents: ReadonlyMap<string, string>): string {
  const present = blocksOf(page);
  const unknown = present.find((name) => !contents.has(name));
  if (unknown !== undefined) throw new Error(`there is nothing for the marker bench:${unknown}`);
  const lacking = [...contents.keys()].find((name) => !present.includes(name));
  if (lacking !== undefined) throw new Error(`there is no marker bench:${lacking}`);
  return page.replace(marker, (_whole, name: string) => {
    const content = (contents.get(name) ?? '').trim();
    return `<!-- bench:${name} -->\n\n${content}\n\n<!-- /bench:${name} -->`;
  });
}
