/** JavaScript and TypeScript of the mini-program to files that a thread of the preview can load. */
import { transform } from 'esbuild';
import { hiddenGlobals } from '../shared/hidden-globals.js';

const moduleSyntax = /^\s*(?:import\b(?!\s*\()|export\b)/m;

/**
 * Wraps the text of one file as DevTools does, so that it is a module and, in strict mode, does not see what only a
 * browser has. The wrapper stands on the file's first line, so that line numbers stay right.
 */
export function wrapModule(path: string, text: string, strict: boolean): string {
  const parameters = ['require', 'module', 'exports', ...(strict ? hiddenGlobals : [])];
  return `__preview.define(${JSON.stringify(path)}, function (${parameters.join(', ')}) {"use strict";${text}\n});\n`;
}

/** CommonJS from TypeScript and from ES modules; what is CommonJS already is left as it is. */
export async function toCommonJs(path: string, text: string): Promise<string> {
  const isTypeScript = path.endsWith('.ts');
  if (!isTypeScript && !moduleSyntax.test(text)) return text;
  const { code } = await transform(text, {
    loader: isTypeScript ? 'ts' : 'js',
    format: 'cjs',
    target: 'es2022',
    sourcefile: path,
    sourcemap: 'inline',
  });
  return code;
}
