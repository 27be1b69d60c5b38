/** JavaScript and TypeScript of the mini-program to files that a thread of the preview can load. */
import { transform } from 'esbuild';
import { hiddenGlobals } from '../shared/hidden-globals.js';

const moduleSyntax = /^\s*(?:import\b(?!\s*\()|export\b)/m;

/**
 * Wraps the text of one file as DevTools does, so that it is a module and, in strict mode, does not see what only a
 * browser has. The wrapper stands on the file's first line, so that line numbers stay right. The file gets a function of
 * its own inside the one that hides, because `const { MessageChannel } = require('mp-lanes')` must not clash with it.
 */
export function wrapModule(path: string, text: string, strict: boolean): string {
  const hiding = strict ? `(function (${hiddenGlobals.join(', ')}) { return ` : '';
  const factory = `function (require, module, exports) {"use strict";${text}\n}`;
  return `__preview.define(${JSON.stringify(path)}, ${hiding}${factory}${strict ? '})()' : ''});\n`;
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
