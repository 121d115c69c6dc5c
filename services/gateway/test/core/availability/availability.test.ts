import { expect, test } from 'vitest';
import { effectiveStatus, refusalFor, type Availability } from '../../../src/core/availability/availability.ts';
import { describeInstallation } from '../../../src/core/installation/describe.ts';

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

test.each([
  ['nothing yet is known', null, { status: 'connecting' }, { status: 'connecting' }],
  ['it does not answer', 'ours', { status: 'unreachable' }, { status: 'unreachable' }],
  ['its environment rules', null, { status: 'ready', source: 'environment' }, { status: 'ready', source: 'environment' }],
  [
    'it uses what was given up',
    null,
    { status: 'ready', source: 'installation', configurationId: 'former' },
    { status: 'not_configured', source: null, configurationId: null, migrations: null },
  ],
  [
    'it is where it should be',
    'ours',
    { status: 'unavailable', source: 'installation', configurationId: 'ours' },
    { status: 'unavailable', source: 'installation', configurationId: 'ours' },
  ],
  [
    'it started anew',
    'ours',
    { status: 'not_configured', source: null, configurationId: null },
    { status: 'connecting', source: null, configurationId: null, detail: 'the service is being sent its database configuration' },
  ],
  [
    'it refused a request since',
    'ours',
    { status: 'not_configured', source: 'installation', configurationId: 'ours' },
    {
      status: 'connecting',
      source: 'installation',
      configurationId: 'ours',
      detail: 'the service is being sent its database configuration',
    },
  ],
] satisfies [string, string | null, Availability, Availability][])(
  'beside what is held, when %s',
  (_name, held, look, expected) => {
    expect(effectiveStatus(held, look)).toEqual(expected);
  },
);

type Status = Availability['status'];
const installation = (auth: Status, team: Status, audit: Status) =>
  describeInstallation((service) => ({ status: { auth, 'team-resources': team, audit }[service] }));

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
      {
        service: 'auth',
        status: auth,
        ...(auth === 'unreachable' ? { detail: 'the service does not answer' } : {}),
        migrations: null,
      },
      { service: 'team-resources', status: team, migrations: null },
      { service: 'audit', status: audit, migrations: null },
    ],
    run: null,
  });
});
