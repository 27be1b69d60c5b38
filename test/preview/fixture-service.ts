/** A service with the answers that the fixture asks for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FixtureService {
  readonly url: string;
  close(): Promise<void>;
}

export function startFixtureService(): Promise<FixtureService> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (url.pathname === '/slow') return;
    response.setHeader('content-type', 'application/json');
    response.end(
      url.pathname === '/broken' ? '{"cut": [1, 2' : JSON.stringify({ q: url.searchParams.get('q') }),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.closeAllConnections();
          server.close(() => closed());
        });
      resolve({ url: `http://127.0.0.1:${port}`, close });
    });
  });
}
