import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSetupToken } from './setup-token.ts';

let folder: string;
let server: Server;
let installation: object;
let onAsked: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-setup-token-'));
  onAsked = () => {};
  server = createServer((_request, response) => {
    response.end(JSON.stringify(installation));
    onAsked();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

const find = (file: string): Promise<string | null> =>
  findSetupToken({ file, from: { gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, onNote: () => {} });

test.each(['not_configured', 'unavailable', 'connecting'])(
  'a gateway without a configuration is asked for its token, also if its services are %s so far',
  async (state) => {
    installation = { state, source: null };
    const file = join(folder, 'setup-token');
    onAsked = () => writeFileSync(file, 'the token\n');
    expect(await find(file)).toBe('the token');
  },
);

test('a gateway with a configuration has no token to wait for, also if its services are not ready', async () => {
  installation = { state: 'unavailable', source: 'installation' };
  expect(await find(join(folder, 'setup-token'))).toBeNull();
});
