import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Installation } from '@guildhall/contracts';
import { testKey, waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { easyInstaller, report, type Attachments } from '../support/attachments.ts';
import { ask, codeOf, startTestGateway, stoppedClock, type Asked, type TestGateway } from '../support/gateway.ts';
import type { StandInTeam } from '../support/team.ts';
import {
  administrator,
  setupTokenIn,
  setupTokenOf,
  startUnattachedTeam,
  withSetupToken,
} from '../support/unconfigured-gateway.ts';

let team: StandInTeam;
let attachments: Attachments;
let gateway: TestGateway;
let folder: string;
const started: TestGateway[] = [];

const start = async (env: Record<string, string> = {}): Promise<TestGateway> => {
  const one = await startTestGateway({ ...team.env, ...env }, { installerOf: easyInstaller, ...stoppedClock });
  started.push(one);
  return one;
};
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-installation-'));
  ({ team, attachments } = await startUnattachedTeam());
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
  await team.stop();
  rmSync(folder, { recursive: true });
});

const address = { databaseUrl: 'postgres://root:admin-secret@db.example/guildhall' };
const body = { ...address, administrator };

const call = (route: string, asked: Asked = {}) => ask(`${gateway.url}/v1/installation${route}`, asked);
const state = async (): Promise<Installation> => (await call('')).body as Installation;
const configure = async (): Promise<void> => {
  const headers = withSetupToken(await setupTokenOf(gateway));
  expect((await call('/configure', { method: 'POST', headers, body })).status).toBe(202);
  await waitFor(async () => (await state()).run?.status === 'succeeded');
};

describe('the setup token', () => {
  test('is shown at the start, left in a file that only its user can read, and lets in', async () => {
    const file = path.join(folder, 'setup-token');
    gateway = await start({ SETUP_TOKEN_FILE: file });
    const token = await setupTokenOf(gateway);
    expect(readFileSync(file, 'utf8')).toBe(`${token}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const answer = await call('/test', { method: 'POST', headers: withSetupToken(token), body: address });
    expect([answer.status, answer.body]).toEqual([200, report]);
    await configure();
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  test('being on this machine is not enough; nothing is 401, a wrong one 403, and both are written down', async () => {
    gateway = await start();
    await setupTokenOf(gateway);
    const answers = [
      await call('/test', { method: 'POST', body: address }),
      await call('/test', { method: 'POST', body: address, headers: withSetupToken('wrong') }),
      await call('/test', { method: 'POST', body: address, token: 'not-a-token' }),
      await call('/configure', { method: 'POST', body, headers: { 'x-guildhall-local-token': 'wrong' } }),
      await call('', { method: 'DELETE' }),
      await call('/events'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 401, 403, 401, 401]);
    const refused = gateway.lines.filter(({ msg }) => msg === 'a request to manage the installation was refused');
    expect(refused.map(({ code }) => code)).toEqual([
      'UNAUTHENTICATED',
      'SETUP_TOKEN_INVALID',
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect((await state()).state).toBe('not_configured');
  });

  test('guesses are limited by address', async () => {
    gateway = await start({ SIGN_INS_PER_MINUTE_MAX: '3' });
    const token = await setupTokenOf(gateway);
    const guesses = [];
    for (const guess of ['a', 'b', 'c', token]) {
      guesses.push((await call('/test', { method: 'POST', body: address, headers: withSetupToken(guess) })).status);
    }
    expect(guesses).toEqual([403, 403, 403, 429]);
  });

  test('ends with its use, and is another one at each start and after disconnecting', async () => {
    gateway = await start();
    const token = await setupTokenOf(gateway);
    await configure();
    const headers = withSetupToken(token);
    expect((await call('/test', { method: 'POST', body: address, headers })).status).toBe(403);
    const owner = await team.issuer.sign({ userId: 'ada', permissions: ['installation:manage'] });
    await waitFor(async () => (await call('', { method: 'DELETE', token: owner })).status === 200);
    const next = await setupTokenOf(gateway, token);
    expect((await call('/test', { method: 'POST', body: address, headers: withSetupToken(next) })).status).toBe(200);
    const restarted = await start();
    expect([token, next]).not.toContain(await setupTokenOf(restarted));
  });
});

describe('configuring', () => {
  test('answers the run at once; services are told, an owner is made, the state says so', async () => {
    gateway = await start();
    const headers = withSetupToken(await setupTokenOf(gateway));
    const accepted = await call('/configure', { method: 'POST', headers, body });
    expect([accepted.status, accepted.body]).toMatchObject([202, { status: 'running', fault: null }]);
    await waitFor(async () => (await state()).run?.status === 'succeeded');
    const { run, ...rest } = await state();
    expect(run).toMatchObject({ id: (accepted.body as { id: string }).id, status: 'succeeded', warnings: report.warnings });
    expect(rest).toEqual({
      state: 'ready',
      source: 'installation',
      services: ['auth', 'team-resources', 'audit'].map((service) => ({
        service,
        status: 'ready',
        migrations: { applied: 3, pending: 0 },
      })),
    });
    expect([attachments.told, attachments.owners]).toEqual([
      ['PUT auth', 'PUT team-resources', 'PUT audit'],
      ['ada@example.org'],
    ]);
    expect(attachments.places.audit).toMatchObject({ databaseUrl: 'postgres://audit:role-secret@db.example/guildhall' });
    const token = await team.issuer.sign({ userId: 'ada' });
    await waitFor(async () => (await ask(`${gateway.url}/v1/auth/me`, { token })).status === 200);
  });

  test('leaves no address and no password, neither in the files nor in the log', async () => {
    gateway = await start();
    await configure();
    const files = readdirSync(gateway.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => path.join(parentPath, name));
    const texts = files.map((file) => readFileSync(file).toString('latin1'));
    const log = JSON.stringify(gateway.lines);
    for (const secret of ['admin-secret', 'role-secret', 'queue-secret', administrator.password, 'db.example']) {
      expect([secret, texts.some((text) => text.includes(secret)), log.includes(secret)]).toEqual([secret, false, false]);
    }
    const keys = files.filter((file) => file.endsWith('.key'));
    expect(keys).not.toEqual([]);
    for (const key of keys) expect([key, statSync(key).mode & 0o777]).toEqual([key, 0o600]);
  });

  test('a gateway that starts again with the same file tells its services again, and shows no setup token', async () => {
    gateway = await start();
    await configure();
    await gateway.close();
    const { configurationId } = attachments.places.auth ?? {};
    attachments.places.auth = null;
    const DATA_FILE = path.join(gateway.folder, 'solo.db');
    const again = await start({ DATA_FILE });
    await waitFor(() => attachments.places.auth?.configurationId === configurationId);
    expect(setupTokenIn(again)).toBeUndefined();
  });

  test('with another key the file says nothing, the gateway starts, and says so', async () => {
    gateway = await start();
    await configure();
    await gateway.close();
    const told = attachments.told.length;
    const ENCRYPTION_KEY = Buffer.from(testKey(7)).toString('base64');
    const again = await start({ DATA_FILE: path.join(gateway.folder, 'solo.db'), ENCRYPTION_KEY });
    const line = again.lines.find(({ msg }) =>
      msg.startsWith('the stored configuration of the shared database cannot be decrypted'),
    );
    expect([line?.level, attachments.told.length]).toEqual([50, told]);
  });

  test('who has the permission may disconnect, who has not may not', async () => {
    gateway = await start();
    await configure();
    const sign = (permissions: string[]) => team.issuer.sign({ userId: 'ada', permissions });
    const refused = await waitFor(async () => {
      const answer = await call('', { method: 'DELETE', token: await sign(['community:create']) });
      return answer.status === 503 ? undefined : answer;
    });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'FORBIDDEN']);
    await waitFor(() => team.denials.length > 0);
    expect(team.denials[0]).toMatchObject({
      action: 'installation.disconnect',
      resource: { type: 'installation' },
      result: 'denied',
    });
    const answer = await call('', { method: 'DELETE', token: await sign(['installation:manage']) });
    expect(answer).toMatchObject({ status: 200, body: { state: 'not_configured', source: null } });
    expect(Object.values(attachments.places)).toEqual([null, null, null]);
  });

  test('the local token lets in at any time', async () => {
    const LOCAL_TOKEN_FILE = path.join(folder, 'local-token');
    gateway = await start({ LOCAL_TOKEN_FILE });
    const headers = { 'x-guildhall-local-token': readFileSync(LOCAL_TOKEN_FILE, 'utf8') };
    expect((await call('/test', { method: 'POST', body: address, headers })).status).toBe(200);
    await configure();
    expect((await call('', { method: 'DELETE', headers })).status).toBe(200);
  });
});

describe('what cannot be changed', () => {
  test('where the environment names the database', async () => {
    team.attachments = null;
    gateway = await start();
    const token = await team.issuer.sign({ userId: 'ada', permissions: ['installation:manage'] });
    await waitFor(async () => (await state()).state === 'ready');
    const answers = [
      await call('/test', { method: 'POST', body: address, token }),
      await call('/configure', { method: 'POST', body, token }),
      await call('', { method: 'DELETE', token }),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'CONFIGURED_BY_ENVIRONMENT'));
    expect((await state()).source).toBe('environment');
    expect(setupTokenIn(gateway)).toBeUndefined();
  });
});
