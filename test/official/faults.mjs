/** Faults that WeChat's compiler must find, so that its silence about the demo means something. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function edit(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function editJson(file, change) {
  edit(file, (text) => {
    const value = JSON.parse(text);
    change(value);
    return JSON.stringify(value);
  });
}

/** Each fault is planted in a copy of the demo; `app` is its `miniprogram` folder, `page` the path of its first page. */
export const faults = {
  'a page that app.json names and nobody wrote': ({ app }) =>
    editJson(join(app, 'app.json'), (json) => json.pages.push('pages/missing/missing')),
  'a tag that is closed by another': ({ app, page }) =>
    edit(join(app, `${page}.wxml`), (text) => `${text}<view></text>`),
  'a style sheet that does not parse': ({ app, page }) =>
    edit(join(app, `${page}.wxss`), (text) => `${text}.a { color: `),
  'a script that does not parse': ({ app, page }) =>
    edit(join(app, `${page}.js`), (text) => `${text}\nconst = 1;`),
  'a page.json that does not parse': ({ app, page }) => edit(join(app, `${page}.json`), (text) => `${text},`),
  'a component that does not exist': ({ app, page }) =>
    editJson(join(app, `${page}.json`), (json) => {
      json.usingComponents = { ...json.usingComponents, missing: '/components/missing/missing' };
    }),
  'a workers directory that does not exist': ({ app }) => rmSync(join(app, 'workers'), { recursive: true }),
};
