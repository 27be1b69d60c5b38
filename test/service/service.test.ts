import { gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { CityPage } from '../../miniprogram-demo/service/cities.js';
import { createService, startService } from '../../miniprogram-demo/service/service.js';
import type { RunningService } from '../../miniprogram-demo/service/service.js';

const service = createService();

async function page(query: string): Promise<CityPage> {
  const answer = await service.request(`/api/cities${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as CityPage;
}

describe('GET /api/hello', () => {
  it('answers a message as JSON', async () => {
    const answer = await service.request('/api/hello');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toEqual({ message: expect.stringContaining('Hello') as string });
  });
});

describe('GET /api/cities', () => {
  it('gives more than 130,000 cities, most populous first, with the attribution', async () => {
    const all = await page('');
    expect(all.total).toBeGreaterThan(130_000);
    expect(all.cities).toHaveLength(all.total);
    expect(all.cities[0]).toEqual(['Shanghai', 'CN', 22_315_474]);
    expect(all.cities.every((city, i) => i === 0 || (all.cities[i - 1]?.[2] ?? 0) >= city[2])).toBe(true);
    expect(all.attribution).toMatch(/GeoNames.*CC BY 4\.0/);
    expect(all.countries['CN']).toEqual(['中国', 'China']);
  });

  it('gives parts that join to the whole', async () => {
    const all = await page('');
    const first = await page('?limit=70000');
    const second = await page('?offset=70000&limit=70000');
    expect([...first.cities, ...second.cities]).toEqual(all.cities);
    expect(second).toMatchObject({ offset: 70_000, total: all.total });
  });

  it('names the countries of its own rows and no others', async () => {
    const part = await page('?offset=10&limit=2');
    expect(Object.keys(part.countries).sort()).toEqual([...new Set(part.cities.map((c) => c[1]))].sort());
  });

  it('gives no rows, not an error, at the very end', async () => {
    const { total } = await page('?limit=1');
    expect((await page(`?offset=${total}`)).cities).toEqual([]);
  });

  it.each([
    'offset=-1',
    'offset=1.5',
    'offset=',
    'offset=135234',
    'limit=0',
    'limit=all',
    'limit=1e3',
    'limit=9999999999',
  ])('refuses ?%s with a code, a message and the value', async (query) => {
    const answer = await service.request(`/api/cities?${query}`);
    expect(answer.status).toBe(400);
    const [name, value] = query.split('=');
    expect(await answer.json()).toEqual({
      code: 'ERR_BAD_PARAMETER',
      message: expect.stringContaining(`"${name}"`) as string,
      value,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('answers 304 to the ETag it gave, and 200 to another one', async () => {
    const etag = (await service.request('/api/cities?limit=5')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"/);
    const again = await service.request('/api/cities?limit=5', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const other = await service.request('/api/cities?limit=6', { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });

  it('may be read by a page of another origin, cross-origin isolated or not', async () => {
    const { headers } = await service.request('/api/cities?limit=5');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('cache-control')).toContain('max-age');
  });
});

describe('faults', () => {
  it('gives a JSON error for a path that it does not know', async () => {
    const answer = await service.request('/api/citys');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'ERR_NOT_FOUND', value: '/api/citys' });
  });

  it('cuts an answer off where a test asks for it', async () => {
    const faulty = createService({ malformed: (path) => path === '/api/cities' });
    const text = await (await faulty.request('/api/cities?limit=5')).text();
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect((await faulty.request('/api/hello')).ok).toBe(true);
  });

  it('has a path that is always malformed', async () => {
    const answer = await service.request('/api/malformed');
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });
});

describe('startService', () => {
  let running: RunningService | undefined;
  afterEach(() => running?.close());

  it('listens on a free port and sends gzip', async () => {
    running = await startService({ port: 0 });
    const { encoding, body } = await download(`${running.url}/api/cities?limit=1000`);
    expect(encoding).toBe('gzip');
    expect((JSON.parse(gunzipSync(body).toString()) as CityPage).cities).toHaveLength(1000);
  });

  it('rejects with EADDRINUSE when the port is taken', async () => {
    running = await startService({ port: 0 });
    await expect(startService({ port: running.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('is gone once close has resolved', async () => {
    const other = await startService({ port: 0 });
    await other.close();
    await expect(fetch(`${other.url}/api/hello`)).rejects.toThrow();
  });
});

/** `fetch` would unpack the answer; this does not. */
function download(url: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}
