import { expect, test } from 'vitest';
import { refusalFor, type Availability } from '../../src/core/availability.ts';
import { installationOf } from '../../src/core/installation/state.ts';

test.each([
  [{ status: 'ready' }, undefined],
  [{ status: 'not_configured' }, ['NOT_CONFIGURED', 503, 60]],
  [{ status: 'connecting' }, ['SHARED_DB_UNAVAILABLE', 503, 2]],
  [{ status: 'unavailable', detail: 'migrations pending' }, ['SHARED_DB_UNAVAILABLE', 503, 2]],
  [{ status: 'unreachable', detail: 'connect ECONNREFUSED 10.1.2.3:4301' }, ['SERVICE_UNAVAILABLE', 503, 2]],
] satisfies [Availability, unknown][])('%j is refused with %j', (availability, expected) => {
  const refusal = refusalFor(availability);
  expect(refusal && [refusal.code, refusal.status, refusal.retryAfterSeconds]).toEqual(expected);
});

test('a refusal tells nothing of where a service is or what it said', () => {
  const secret = 'connect ECONNREFUSED 10.1.2.3:4301';
  const details = (['unavailable', 'unreachable'] as const).map((status) => refusalFor({ status, detail: secret })?.message);
  for (const detail of details) expect(detail).not.toContain('10.1.2.3');
});

type Status = Availability['status'];
const installation = (auth: Status, team: Status, audit: Status) =>
  installationOf((service) => ({ status: { auth, 'team-resources': team, audit }[service] }));

test.each([
  ['ready', 'ready', 'ready', 'ready', 'environment'],
  ['ready', 'connecting', 'ready', 'connecting', 'environment'],
  ['ready', 'connecting', 'unavailable', 'unavailable', 'environment'],
  ['unreachable', 'ready', 'connecting', 'unavailable', 'environment'],
  ['unreachable', 'not_configured', 'unavailable', 'not_configured', null],
] as const)('auth %s, team-resources %s, audit %s: the installation is %s', (auth, team, audit, state, source) => {
  expect(installation(auth, team, audit)).toEqual({
    state,
    source,
    services: [
      { service: 'auth', status: auth, ...(auth === 'unreachable' ? { detail: 'it does not answer' } : {}), migrations: null },
      { service: 'team-resources', status: team, migrations: null },
      { service: 'audit', status: audit, migrations: null },
    ],
    run: null,
  });
});
