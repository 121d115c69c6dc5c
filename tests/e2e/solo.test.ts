import { join } from 'node:path';
import { processEnvironment } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../tools/demo/http-client.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { createServiceProcess, type ServiceProcess } from '../../tools/dev/service-process.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { readLocalToken } from '../support/test-stack.ts';
import { must } from '../support/users.ts';

let folder: string;
let gateway: ServiceProcess;

beforeAll(async () => {
  folder = scratchFolder('solo');
  const { port } = await choosePort('gateway', 0);
  gateway = createServiceProcess({
    name: 'gateway',
    entry: join(import.meta.dirname, '../../services/gateway/src/main.ts'),
    url: `http://127.0.0.1:${port}`,
    env: { ...processEnvironment(), PORT: String(port), DATA_FILE: join(folder, 'guildhall.sqlite') },
    logFile: join(folder, 'gateway.log'),
    onNote: () => {},
  });
  await gateway.start();
});
afterAll(async () => {
  await gateway.stop();
  await removeScratchFolder(folder);
});

test('a solo workspace, its scripts and its Control-M folders are there after a restart', async () => {
  const http = createHttpClient(gateway.url, () => {}, readLocalToken(join(folder, 'local-token')));
  const workspace = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Mine' } });
  const scripts = `/v1/workspaces/${String(workspace['id'])}/scripts`;
  const script = await must(http, 201, 'POST', scripts, { body: { name: 'a.sh', language: 'shell', content: 'echo 1' } });
  const path = `${scripts}/${String(script['id'])}`;
  const changed = await must(http, 200, 'PATCH', path, { body: { content: 'echo 2' }, ifMatch: '"1"' });
  const folders = `/v1/workspaces/${String(workspace['id'])}/control-m/folders`;
  const definition = { Type: 'SimpleFolder', Load: { Type: 'Job:Script', FileName: 'load.sh' } };
  const flow = await must(http, 201, 'POST', folders, { body: { name: 'LOAD', definition } });
  const folderPath = `${folders}/${String(flow['id'])}`;
  const renamed = await must(http, 200, 'PATCH', folderPath, { body: { name: 'NIGHTLY' }, ifMatch: '"1"' });
  await must(http, 412, 'PATCH', folderPath, { body: { name: 'LATE' }, ifMatch: '"1"' });

  await gateway.stop();
  await gateway.start();
  expect(await must(http, 200, 'GET', `/v1/workspaces/${String(workspace['id'])}`)).toEqual(workspace);
  expect(await must(http, 200, 'GET', path)).toEqual(changed);
  expect(await must(http, 200, 'GET', `${path}/versions/1`)).toMatchObject({ version: 1, content: 'echo 1' });
  expect(await must(http, 200, 'GET', folderPath)).toEqual(renamed);
  expect(renamed).toMatchObject({ name: 'NIGHTLY', jobCount: 1, version: 2, definition });
  await must(http, 204, 'DELETE', folderPath, { ifMatch: '"2"' });
  await must(http, 404, 'GET', folderPath);
});

test('a team route says that nothing is configured', async () => {
  const { status, body } = await createHttpClient(gateway.url, () => {}).send('GET', '/v1/communities');
  expect(status).toBe(503);
  expect(body).toMatchObject({ status: 503, code: 'NOT_CONFIGURED' });
});
