import {
  communityRoutes,
  controlMRoutes,
  exampleBodyOf,
  inviteRoutes,
  memberRoutes,
  scriptRoutes,
  workspaceRoutes,
  type PublicContract,
} from '@guildhall/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOutbox, outboxOf, type OutboxWindow } from '../support/outbox.ts';
import { newUser, startTeamService, type Method, type TeamService, type User } from '../support/team-service.ts';

/** The gateway names denied events after the contract, this service names its own: the two are the same. */
const groups = [communityRoutes, memberRoutes, inviteRoutes, workspaceRoutes, scriptRoutes, controlMRoutes];
const changing = groups
  .flatMap((group) => Object.values<PublicContract>(group))
  .filter((contract) => contract.method !== 'GET' && contract !== workspaceRoutes.createWorkspace);

let service: TeamService;
let outbox: OutboxWindow;
beforeAll(async () => {
  service = await startTeamService();
  outbox = await startOutbox(service.databaseUrl);
});
afterAll(async () => {
  await outbox.close();
  await service.close();
});

type Ids = Readonly<Record<string, string>>;
interface Done {
  readonly contract: PublicContract;
  readonly ids: Ids;
  readonly id: string | undefined;
}

const pathOf = ({ path }: PublicContract, ids: Ids): string =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? '');

/** Calls a route and remembers which one it was; answers the body of the answer. */
const caller = (done: Done[]) => async (user: User, contract: PublicContract, ids: Ids, ifMatch?: number, body?: object) => {
  const sent = body ?? exampleBodyOf(contract);
  const reply = await service.as(user)(contract.method as Method, pathOf(contract, ids), {
    ...(sent === undefined ? {} : { body: sent }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  const hasVersion = contract.answersVersion === true;
  expect([contract.name, reply.status < 300, reply.etag !== undefined]).toEqual([contract.name, true, hasVersion]);
  const answer = (reply.body ?? {}) as { readonly id?: string; readonly token?: string };
  done.push({ contract, ids, id: answer.id });
  return answer as { readonly id: string; readonly token: string };
};

/** What the contract says an event of this call names. */
const expected = ({ contract: { action, subject }, ids, id }: Done, inviteIds: readonly string[]) => ({
  action,
  type: subject.type,
  id:
    'parameter' in subject
      ? ids[subject.parameter]
      : subject.id === 'new'
        ? id
        : expect.toSatisfy((given: string) => inviteIds.includes(given)),
});

test('every change leaves an event with the action and the resource of its contract, and answers the ETag that it promises', async () => {
  const [ada, ben] = [newUser('Ada'), newUser('Ben')];
  const done: Done[] = [];
  const call = caller(done);
  const { id: communityId } = await call(ada, communityRoutes.createCommunity, {});
  const inCommunity = { communityId };
  await call(ada, communityRoutes.updateCommunity, inCommunity, 1, { name: 'Other' });
  const invites = [
    await call(ada, inviteRoutes.createInvite, inCommunity, undefined, { role: 'member' }),
    await call(ada, inviteRoutes.createInvite, inCommunity, undefined, { role: 'member', email: ben.email }),
    await call(ada, inviteRoutes.createInvite, inCommunity, undefined, { role: 'member' }),
  ];
  await call(ben, inviteRoutes.declineInvite, {}, undefined, { token: invites[1]?.token });
  await call(ben, inviteRoutes.acceptInvite, {}, undefined, { token: invites[0]?.token });
  await call(ada, inviteRoutes.revokeInvite, { ...inCommunity, inviteId: invites[2]?.id ?? '' });
  const ofBen = { ...inCommunity, userId: ben.userId };
  await call(ada, memberRoutes.updateMember, ofBen, 1, { role: 'admin' });
  await call(ada, memberRoutes.removeMember, ofBen);
  const { id: workspaceId } = await call(ada, workspaceRoutes.createCommunityWorkspace, inCommunity);
  const inWorkspace = { workspaceId };
  await call(ada, workspaceRoutes.updateWorkspace, inWorkspace, 1, { name: 'Other' });
  const { id: scriptId } = await call(ada, scriptRoutes.createScript, inWorkspace);
  await call(ada, scriptRoutes.updateScript, { ...inWorkspace, scriptId }, 1, { name: 'Other' });
  await call(ada, scriptRoutes.deleteScript, { ...inWorkspace, scriptId }, 2);
  const { id: folderId } = await call(ada, controlMRoutes.createControlMFolder, inWorkspace);
  await call(ada, controlMRoutes.updateControlMFolder, { ...inWorkspace, folderId }, 1, { name: 'OTHER' });
  await call(ada, controlMRoutes.deleteControlMFolder, { ...inWorkspace, folderId }, 2);
  await call(ada, workspaceRoutes.deleteWorkspace, inWorkspace, 2);
  await call(ada, workspaceRoutes.restoreWorkspace, inWorkspace);
  await call(ada, communityRoutes.deleteCommunity, inCommunity, 2);

  const inviteIds = invites.map(({ id }) => id);
  const events = (await outboxOf(outbox, communityId)).map(({ action, resource: { type, id } }) => ({ action, type, id }));
  expect(events).toEqual(done.map((one) => expected(one, inviteIds)));
  expect(new Set(done.map(({ contract }) => contract))).toEqual(new Set(changing));
});
