/** The console, where there is one. */
declare const console: { warn?(text: string): void } | undefined;

/** Warns whoever develops. */
export function warn(text: string): void {
  if (typeof console === 'object') console.warn?.(text);
}
