/** Runs the service alone: `npx tsx miniprogram-demo/service/main.ts [port]`, default 8787, as the demo's config says. */
import { startService } from './service.js';

const port = Number(process.argv[2] ?? process.env['SERVICE_PORT'] ?? 8787);

try {
  const service = await startService({ port });
  console.log(`Cities are served at ${service.url}/api/cities`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${port} is taken. Give another one: npx tsx miniprogram-demo/service/main.ts ${port + 1}`
      : message,
  );
  process.exitCode = 1;
}
