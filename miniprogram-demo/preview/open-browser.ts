/** Shows the preview in the person's browser, where there is a person with a screen. */
import open from 'open';

/** Never fails: without a screen, or a browser, the printed address is enough. */
export async function openInBrowser(url: string): Promise<void> {
  if (!hasScreen()) return;
  try {
    const child = await open(url);
    child.on('error', () => undefined);
  } catch {
    // No browser to be had: the address was printed.
  }
}

function hasScreen(): boolean {
  const { env, platform, stdout } = process;
  if (env['CI'] !== undefined || env['SSH_CONNECTION'] !== undefined) return false;
  if (platform !== 'linux') return stdout.isTTY;
  return (
    env['DISPLAY'] !== undefined ||
    env['WAYLAND_DISPLAY'] !== undefined ||
    env['WSL_DISTRO_NAME'] !== undefined
  );
}
