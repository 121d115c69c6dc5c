import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, startTestGateway, type Answered, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';

const page = '<!doctype html><title>Guildhall</title>';
const script = 'const one = 1;';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-console-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const shown = ({ status, headers, body }: Answered) => ({
  status,
  type: headers.get('content-type'),
  cache: headers.get('cache-control'),
  body,
});

describe('the console, built', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const built = join(folder, 'built');
    mkdirSync(join(built, 'assets'), { recursive: true });
    writeFileSync(join(built, 'index.html'), page);
    writeFileSync(join(built, 'assets', 'index-a1b2.js'), script);
    writeFileSync(join(built, 'assets', 'index-a1b2.js.br'), 'smaller');
    writeFileSync(join(folder, 'secret'), 'not for pages');
    gateway = await startTestGateway({ CONSOLE_FOLDER: built });
  });
  afterAll(() => gateway.stop());

  it.each(['/', '/app', '/app/', '/app/workspaces/1', '/app/workspaces/1?q=2', '/docs', '/docs/', '/docs?operation=getMe'])(
    'answers %s with its page, which is asked for anew',
    async (path) => {
      expect(shown(await ask(gateway.url + path))).toEqual({
        status: 200,
        type: 'text/html; charset=utf-8',
        cache: 'no-cache',
        body: page,
      });
    },
  );

  it('answers no address that is none', async () => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const raw = await sendRaw(gateway.url, `${method} * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect([method, statusesOf(raw)]).toEqual([method, [404]]);
    }
  });

  it('answers files with a hash in their names for ever, in the coding that the browser takes', async () => {
    const plain = await ask(`${gateway.url}/assets/index-a1b2.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(shown(plain)).toEqual({
      status: 200,
      type: 'application/javascript; charset=utf-8',
      cache: 'public, max-age=31536000, immutable',
      body: script,
    });
    const response = await fetch(`${gateway.url}/assets/index-a1b2.js`, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    expect([response.headers.get('content-encoding'), response.headers.get('content-length')]).toEqual(['br', '7']);
  });

  it('runs nothing inline and loads nothing from elsewhere', async () => {
    const { headers } = await ask(gateway.url);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  it.each([
    '/../secret',
    '/assets/../../secret',
    '/assets/..%2f..%2fsecret',
    '/assets/%2e%2e/%2e%2e/secret',
    '/assets/other.js',
    '/appendix',
    '/docs/static/swagger-initializer.js',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await ask(gateway.url + path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leaves the API as it was: its policy, its problems', async () => {
    const { status, headers, body } = await ask(`${gateway.url}/v1/nothing`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'NOT_FOUND' });
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

describe('the console, not built', () => {
  it('says so at / and /docs, and the API works', async () => {
    const gateway = await startTestGateway({ CONSOLE_FOLDER: join(folder, 'nowhere') });
    try {
      for (const path of ['/', '/docs']) {
        const { status, body } = await ask(gateway.url + path);
        expect([path, status]).toEqual([path, 404]);
        expect(body).toContain('<code>make console</code>');
      }
      expect((await ask(`${gateway.url}/app`)).status).toBe(404);
      expect((await ask(`${gateway.url}/v1/version`)).status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
