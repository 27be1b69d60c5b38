/**
 * `index` names everything, and most mini-programs use a part of it. So the file that a device gets requires a part when
 * the first of its names is read, and evaluates nothing before: start-up costs what is used. Each name becomes a plain
 * property once it was read. The paths stay literal, for DevTools follows them when it packs a project.
 *
 * The entry may hold nothing but exports of other modules and calls that name the host; anything else stops the build.
 */

/** How a chunk binds another one: `const a = require("./b.js")`. */
function requiredBy({ type, callee, arguments: given }) {
  return type === 'CallExpression' && callee.type === 'Identifier' && callee.name === 'require'
    ? given[0].value
    : null;
}

/** @returns the names with where they come from, and what is called, or `null` for a statement of another kind */
function readEntry(body) {
  const files = new Map();
  const names = [];
  const calls = [];
  for (const statement of body) {
    const { type, expression } = statement;
    if (type === 'VariableDeclaration') {
      for (const { id, init } of statement.declarations) {
        const file = init === null ? null : requiredBy(init);
        if (file === null) return null;
        files.set(id.name, file);
      }
    } else if (type !== 'ExpressionStatement') {
      return null;
    } else if (expression.type === 'AssignmentExpression') {
      const { left, right } = expression;
      if (left.object?.name !== 'exports' || right.type !== 'MemberExpression') return null;
      names.push({ name: left.property.name, from: right.object.name, as: right.property.name });
    } else if (expression.type === 'CallExpression' && requiredBy(expression) === null) {
      calls.push(expression);
    } else if (expression.type !== 'Literal' && requiredBy(expression) === null) {
      return null;
    }
  }
  return { files, names, calls };
}

/** `a.b(c.d)`, the one call that an entry may make. */
function renderCall({ callee, arguments: given }, files) {
  const member = ({ object, property }) =>
    `require(${JSON.stringify(files.get(object.name))}).${property.name}`;
  return `${member(callee)}(${given.map(member).join(', ')});`;
}

function render({ files, names, calls }) {
  const parts = [...new Set(names.map(({ from }) => from))];
  return `'use strict';
let isReady = false;
function ready() {
  isReady = true;
  ${calls.map((call) => renderCall(call, files)).join('\n  ')}
}
function later(load, names) {
  for (const name in names) {
    Object.defineProperty(exports, name, {
      enumerable: true,
      configurable: true,
      get() {
        if (!isReady) ready();
        const value = load()[names[name]];
        // Fails where somebody has frozen the exports, and then is asked again.
        Reflect.defineProperty(exports, name, { enumerable: true, value });
        return value;
      },
    });
  }
}
${parts
  .map((part) => {
    const own = names.filter(({ from }) => from === part);
    const table = own.map(({ name, as }) => `${JSON.stringify(name)}: ${JSON.stringify(as)}`);
    return `later(() => require(${JSON.stringify(files.get(part))}), { ${table.join(', ')} });`;
  })
  .join('\n')}
`;
}

/** To be run on CommonJS before it is minified. */
export function lazyIndex() {
  return {
    name: 'lazy-index',
    renderChunk(code, { name, isEntry }) {
      if (!isEntry || name !== 'index') return null;
      const entry = readEntry(this.parse(code).body);
      if (entry === null)
        this.error(
          'src/index.ts holds more than exports and calls that name the host: a module that nobody else names belongs into `alone`',
        );
      return { code: render(entry), map: null };
    },
  };
}

/** Named by `index` alone, whose own file holds no code. */
const alone = ['scheduler/memory-relief', 'worker/shared-workers', 'worker/services'];

/** A file of its own for each of these: for `manualChunks`, with `onlyExplicitManualChunks`, for what they import stays where it is. */
export function namedByIndexAlone(id) {
  const [, path = ''] = /\/src\/(.+)\.ts$/.exec(id) ?? [];
  return alone.includes(path) ? path.split('/')[1].replace('shared-', '') : undefined;
}
