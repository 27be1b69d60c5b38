/**
 * Which property names are ours alone, so that the bundles for devices may give them short ones.
 *
 * A name is shortened only if all of this holds:
 * 1. a class or an interface in `src/` declares it, outside the files below, whose objects cross a border;
 * 2. wherever `src/` uses it, the type checker leads to such a declaration: never to a built-in, to a type written in
 *    place (which describes what somebody else made), or to nothing at all (members of a dictionary);
 * 3. the types that the package publishes do not mention it, but as a private member;
 * 4. it is no member of ECMAScript's own objects, and no string in `src/`.
 *
 * The names are handed out before anything is bundled, so the chunks of the logic layer agree. The worker is another
 * world: what crosses is named by the files of the first rule.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** Host objects; the wire; what the codec writes and reads. */
const border =
  /^src\/(adapters\/(ambient|ambient-elsewhere|node-threads|web-threads|carrier)|channel\/(protocol|control-form|intake-form)|rpc\/(protocol|error-wire)|codec\/(tags|limits|encode|carrier|kind))\.ts$/;

/** What no device has (`absentFromDevice` leaves out the files that import it), so it must not bear on names there. */
const absent = /^src\/adapters\/shared-ring(-\w+)?\.ts$/;

function read(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const textOf = (name) =>
  name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : null;

const isInLiteral = (node) => ts.isObjectLiteralExpression(node.parent ?? node);

const isPrivate = ({ modifiers }) =>
  modifiers !== undefined && modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);

/** Every identifier in the published types but the names of private members. */
function publicNames(folder) {
  const names = new Set();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    walk(read(join(folder, file)), (node) => {
      if (ts.isIdentifier(node) && !isPrivate(node.parent)) names.add(node.text);
    });
  }
  return names;
}

/** The declarations behind a use of a property, `null` for a node that is none; a declaration is behind itself. */
function behind(checker, node) {
  if (ts.isPropertyAccessExpression(node))
    return { name: node.name, symbol: checker.getSymbolAtLocation(node.name) };
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const name = node.propertyName ?? node.name;
    const text = textOf(name);
    return {
      name,
      symbol:
        text === null ? undefined : checker.getPropertyOfType(checker.getTypeAtLocation(node.parent), text),
    };
  }
  if (isInLiteral(node) && node.name !== undefined) {
    const type = checker.getContextualType(node.parent);
    const text = textOf(node.name);
    const expected = type === undefined || text === null ? undefined : checker.getPropertyOfType(type, text);
    return { name: node.name, symbol: expected ?? checker.getSymbolAtLocation(node.name) };
  }
  if (
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isParameterPropertyDeclaration(node, node.parent)
  )
    return node.name === undefined
      ? null
      : { name: node.name, symbol: checker.getSymbolAtLocation(node.name) };
  return null;
}

/** `ours` with how often each is used, and the names that must stay. */
function sort(root) {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const isOurs = (declaration) =>
    (ts.isClassLike(declaration.parent) ||
      ts.isInterfaceDeclaration(declaration.parent) ||
      ts.isConstructorDeclaration(declaration.parent) ||
      ts.isObjectLiteralExpression(declaration.parent)) &&
    /^src\//.test(relative(root, declaration.getSourceFile().fileName)) &&
    !border.test(relative(root, declaration.getSourceFile().fileName));
  const uses = new Map();
  const declared = new Set();
  const kept = publicNames(join(root, 'dist'));
  for (const file of program.getSourceFiles()) {
    const path = relative(root, file.fileName);
    if (absent.test(path)) continue;
    const own = /^src\//.test(path);
    walk(file, (node) => {
      if (own && ts.isStringLiteralLike(node)) kept.add(node.text);
      const use = behind(checker, node);
      const name = use === null ? null : textOf(use.name);
      if (name === null) return;
      uses.set(name, (uses.get(name) ?? 0) + 1);
      const declarations = use.symbol?.declarations ?? [];
      if (!own || declarations.length === 0 || !declarations.every(isOurs)) kept.add(name);
      else if (ts.isClassLike(node.parent) || ts.isInterfaceDeclaration(node.parent) || ts.isParameter(node))
        declared.add(name);
    });
  }
  const ours = [...declared].filter((name) => !kept.has(name));
  return {
    ours: ours.sort((a, b) => uses.get(b) - uses.get(a) || (a < b ? -1 : 1)),
    taken: new Set([...uses.keys(), ...kept]),
  };
}

const letters = 'etnrisoalucdhpmfgvbwkyxjqzESTACDPINLRMOFBGUHVWKYXJQZ';

function* shortNames(taken) {
  for (const prefix of ['', ...letters])
    for (const letter of letters) if (!taken.has(prefix + letter)) yield prefix + letter;
}

/** From our name to its short one, for all names that are ours alone; needs the published types in `dist/`. */
export function internalNames(root) {
  const { ours, taken } = sort(root);
  const names = shortNames(taken);
  return Object.fromEntries(ours.map((name) => [name, names.next().value]));
}
