/** WXML and WXS to JavaScript, by the compiler of WeChat's own component framework. */
import { TmplGroup } from 'glass-easel-template-compiler';

/** What the compiler has to say about one place of a template. */
export interface TemplateProblem {
  readonly path: string;
  readonly message: string;
  readonly line: number;
  readonly isError: boolean;
}

/** All templates of a mini-program as one JavaScript expression, and what is doubtful in them. */
export interface CompiledTemplates {
  /** Evaluates to an object of template functions by path without `.wxml`. */
  readonly expression: string;
  readonly problems: readonly TemplateProblem[];
}

/** One source file: its path from the root of the mini-program and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Compiles the `.wxml` and `.wxs` files of a mini-program together, because they refer to one another. */
export function compileTemplates(files: readonly SourceFile[]): CompiledTemplates {
  const group = new TmplGroup();
  const problems: TemplateProblem[] = [];
  try {
    for (const { path, text } of files) {
      if (path.endsWith('.wxs')) group.addScript(path.slice(0, -'.wxs'.length), text);
      else
        problems.push(
          ...problemsOf(path, group.addTmpl(path.slice(0, -'.wxml'.length), text) as ParseError[]),
        );
    }
    return { expression: group.getTmplGenObjectGroups(), problems };
  } finally {
    group.free();
  }
}

interface ParseError {
  readonly isError: boolean;
  readonly message: string;
  /** Counted from 0. */
  readonly startLine: number;
}

function problemsOf(path: string, errors: readonly ParseError[]): TemplateProblem[] {
  return errors.map(({ message, startLine, isError }) => ({ path, message, line: startLine + 1, isError }));
}
