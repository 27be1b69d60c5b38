/** What is written while it runs. */

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line that is written over again, and nothing where there is no terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
