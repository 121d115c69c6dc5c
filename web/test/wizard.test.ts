// @vitest-environment happy-dom
import type { InstallationRun } from '@guildhall/contracts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Wizard } from '../src/screens/installation/wizard.tsx';
import { keepSetupToken } from '../src/api/setup-token.ts';
import { buttonOf, draw, fieldOf, serveApi, type } from './support/page.ts';

const failed = (code: 'SERVICE_UNREACHABLE' | 'ADMINISTRATOR_REQUIRED'): InstallationRun => ({
  id: '3f1a52bd-7c1a-4c0e-9d24-5a7f40b5f6d1',
  status: 'failed',
  startedAt: '2026-01-31T08:30:00.000Z',
  endedAt: '2026-01-31T08:31:00.000Z',
  steps: [
    { name: 'test_database', status: 'done' },
    { name: 'migrate_auth', status: 'failed' },
  ],
  fault: { code, detail: 'The auth service does not answer. Start it, then configure again.' },
  warnings: [],
});

const holdsGuildhall = { isUsable: true, holds: 'guildhall', engine: null, latencyMs: 1, faults: [], warnings: [] };

test.each([
  ['SERVICE_UNREACHABLE', false],
  ['ADMINISTRATOR_REQUIRED', true],
] as const)('after %s, a database with tables and perhaps no owner can be given one', async (code, isRequired) => {
  onTestFinished(() => keepSetupToken(null));
  const sent = serveApi(() => ({ status: 200, body: holdsGuildhall }));
  const host = draw(Wizard, { run: failed(code) });
  await vi.waitFor(() => expect(host.textContent).toContain('The auth service does not answer. Start it'));
  type(fieldOf(host, 'Setup token'), 'a-token');
  type(fieldOf(host, 'Address of the database'), 'postgres://127.0.0.1/guildhall');
  buttonOf(host, 'Test the database').form?.requestSubmit();
  await vi.waitFor(() => expect(fieldOf(host, 'E-mail address').required).toBe(isRequired));
  type(fieldOf(host, 'E-mail address'), 'olive@example.test');
  buttonOf(host, 'Try again').form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(sent.at(-1)?.body).toContain('"administrator":{'));
});
