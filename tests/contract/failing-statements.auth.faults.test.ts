import { randomUUID } from 'node:crypto';
import { exampleParamsOf, passkeyRoutes, type PublicContract } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password, startFixture, type Fixture } from '../../services/auth/test/contract/fixture.ts';
import { routed } from './callers.ts';
import { changeOf, readContents, sendWhileFailing } from './failing-statements.ts';
import { createTarget, exampleRequest, sendAs, versionAt, type RoutedService } from './route-client.ts';
import { authSuite } from './route-suites.ts';
import { routesOf } from './services.ts';

/** Every change of auth that its own example makes, while the statements of auth fail at random before and after they ran. */

const passkeyId = String(exampleParamsOf(passkeyRoutes.getPasskey)['passkeyId']);
const contracts = routesOf('auth').map(({ contract }) => contract);
/** The operations that answer the same whether they did anything or not, and do little for one address. */
const silent: ReadonlySet<string> = new Set(['sendResetCode', 'sendCode', 'register']);

type SignedIn = Awaited<ReturnType<Fixture['signUp']>>;
/** The bodies of what needs a secret of the caller, or a name of its own. */
const bodies: Readonly<Record<string, (caller: SignedIn) => object>> = {
  logIn: ({ email }) => ({ email, password }),
  refresh: ({ tokens }) => ({ refreshToken: tokens.refreshToken }),
  changePassword: () => ({ currentPassword: password, newPassword: 'a horse that staples batteries' }),
  deactivateMe: () => ({ password }),
  eraseMe: () => ({ password }),
  createRole: () => ({ name: `desk-${randomUUID().replaceAll(/[^a-f]/g, '')}`, permissions: ['user:read'] }),
};
const isTried = ({ name, method }: PublicContract): boolean =>
  method !== 'GET' && !silent.has(name) && (name in bodies || !(name in authSuite.refused));
const changes = contracts.filter(isTried).map((contract) => [contract.name, contract] as const);

let fixture: Fixture;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture({ env: { PUBLIC_URL: 'https://guildhall.test' } });
  service = routed(fixture);
  // One owner stays whoever goes.
  await newOwner();
});
afterAll(() => fixture.close());

const seed = Number(process.env['PROPERTY_SEED'] ?? '1');
/** Queued mails go while others come; delays and shares count what failed, too, and before it is tried. */
const read = () => readContents(fixture.tables, 'auth', ['outgoing_mails', 'login_delays', 'mail_rates']);
let sent = 0;

const newOwner = async (): Promise<SignedIn> => {
  const owner = await fixture.signUp();
  await fixture.grant(owner.userId, 'owner');
  // An authenticator would have made it: the passkey of the examples is always that of the last owner.
  await fixture.tables.connection.query(sql.unsafe`
    INSERT INTO auth.passkeys AS known (id, user_id, credential_id, public_key, sign_count, is_backed_up, name)
    VALUES (${passkeyId}, ${owner.userId}, 'example', 'key', 0, false, 'Laptop')
    ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, version = 1`);
  return owner;
};

const prepare = async (contract: PublicContract) => {
  const owner = await newOwner();
  const caller = { userId: owner.userId, sessionId: owner.sessionId };
  const { path } = await createTarget(service, caller, contracts, contract);
  const version = contract.isVersioned === true ? await versionAt(service, caller, contracts, contract, path) : undefined;
  const request = exampleRequest(contract, path, version);
  const body = bodies[contract.name]?.(owner);
  return { caller, contract, request: body === undefined ? request : { ...request, body } };
};

test.each(changes)('%s is made whole or not at all, once, whatever statement fails', async (name, contract) => {
  const smooth = await prepare(contract);
  const before = await read();
  const headers = { ...smooth.request.headers, 'idempotency-key': `smooth-${name}` };
  const { status } = await sendAs(service, smooth.caller, contract, { ...smooth.request, headers });
  expect(status).toBeLessThan(300);
  const expected = changeOf(before, await read());
  sent += await sendWhileFailing({ service, applicationName: 'guildhall-auth', read }, await prepare(contract), expected, seed);
});

test('statements did fail: more requests were sent than there are changes', () => {
  expect(sent).toBeGreaterThan(changes.length);
});
