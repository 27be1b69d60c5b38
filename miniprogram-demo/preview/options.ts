/** What `npm start` can be told, on the command line or by the environment. */
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly port: number;
  readonly servicePort: number;
  readonly host: string;
  readonly strict: boolean;
  readonly open: boolean;
  readonly check: boolean;
  /** Only the scenarios whose page or file contains this. */
  readonly only: string;
  /** A folder for one PNG a page, `''` for none. */
  readonly screenshots: string;
  readonly help: boolean;
}

export const defaultPort = 5178;

/** The port that the demo's `config.js` names; the preview tells the demo where the service really is. */
export const defaultServicePort = 8787;

export const usage = `npm start [-- options]

  --port N            port of the preview (env PORT; ${String(defaultPort)}; 0: any free one)
  --service-port N    port of the demo service (env SERVICE_PORT; ${String(defaultServicePort)}; 0: any free one)
  --host ADDRESS      where both listen (env HOST; 127.0.0.1)
  --loose             leave the browser's globals visible to the mini-program
  --no-open           do not open a browser
  --check             drive every page headless, print a table, exit 0 or 1
  --only TEXT         with --check or --screenshots: only pages whose path contains TEXT
  --screenshots DIR   one PNG a page into DIR
  --help              this text
`;

/** @throws Error that says which option is wrong */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowNegative: true,
    options: {
      port: { type: 'string' },
      'service-port': { type: 'string' },
      host: { type: 'string' },
      loose: { type: 'boolean', default: false },
      open: { type: 'boolean', default: true },
      check: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      screenshots: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  const headless = values.check || values.screenshots !== '';
  // A headless run must not trip over a preview that is open: it takes any free port unless told otherwise.
  const port = values.port ?? env['PORT'] ?? (headless ? '0' : String(defaultPort));
  const servicePort =
    values['service-port'] ?? env['SERVICE_PORT'] ?? (headless ? '0' : String(defaultServicePort));
  return {
    port: portOf('--port', port),
    servicePort: portOf('--service-port', servicePort),
    host: values.host ?? env['HOST'] ?? '127.0.0.1',
    strict: !values.loose,
    open: values.open && !headless,
    check: values.check,
    only: values.only,
    screenshots: values.screenshots,
    help: values.help,
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`${name} must be a port from 0 to 65535, not "${text}"`);
  return port;
}
