import {
  communityRoleMay,
  grantableCommunityPermissions,
  type ChangeImpact,
  type Community,
  type Council,
  type Member,
  type OwnRole,
} from '@guildhall/contracts';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { createPermissionFacts } from '../../src/store/permission-facts.ts';
import { outboxOf, type OutboxWindow } from '../support/outbox.ts';
import { newPlace } from '../support/people.ts';
import { differenceOf, readRights } from '../support/rights.ts';
import { newUser, type Method, type TeamService, type User } from '../support/team-service.ts';

const threshold = fc.oneof(
  fc.record({ type: fc.constant('number'), value: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ type: fc.constant('share'), value: fc.constantFrom(0, 0.2, 0.5, 1) }),
);
const builtInRoles = ['admin', 'moderator', 'member', 'viewer'] as const;
const builtIn = fc.constantFrom(...builtInRoles);
/** The permissions of an own role: each rank is drawn as often as another. */
const permissions = fc.oneof(
  ...builtInRoles.map((rank) =>
    fc.subarray(
      grantableCommunityPermissions.filter((permission) => communityRoleMay(rank, permission)),
      { minLength: 1 },
    ),
  ),
);
/** The place of a member in the list of users: 0 is the owner. */
const someone = fc.integer({ min: 1, max: 4 });
const settings = fc.record(
  {
    minTrustToAwardTrust: threshold,
    minTrustForWealth: threshold,
    trustTitles: fc.integer({ min: 1, max: 6 }).map((minScore) => ({
      titles: [
        { name: 'New', minScore: 0 },
        { name: 'Known', minScore },
      ],
    })),
    metricVisibilitySettings: fc.record({ showDisputeRate: fc.boolean(), showTrustNetwork: fc.boolean() }),
    hasDisputeCouncil: fc.boolean(),
    pollCreators: fc.subarray([0, 1, 2, 3, 4]),
  },
  { requiredKeys: [] },
);
const community = fc.record({
  roles: fc.tuple(builtIn, builtIn, builtIn, builtIn),
  ownRole: permissions,
  holders: fc.subarray([1, 2, 3, 4]),
  councillors: fc.subarray([0, 1, 2, 3, 4]),
  awarded: fc.subarray([1, 2, 3, 4]),
  points: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 5, maxLength: 5 }),
  settings,
});
type MadeUp = typeof community extends fc.Arbitrary<infer T> ? T : never;
const change = fc.oneof(
  fc.record({ kind: fc.constant('settings' as const), settings }),
  fc.record({ kind: fc.constant('own-role' as const), permissions }),
  fc.record({ kind: fc.constant('role' as const), of: someone, role: builtIn }),
  fc.record({ kind: fc.constant('given' as const), of: someone }),
  fc.record({ kind: fc.constant('removal' as const), of: someone }),
);

interface Request {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  readonly ifMatch?: number;
}
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** An own role that comes to include what only a higher rank includes: the memberships of its holders change with it. */
const risingRole: [MadeUp, Change] = [
  {
    roles: ['member', 'member', 'member', 'member'],
    ownRole: ['metrics:read'],
    holders: [2],
    councillors: [],
    awarded: [],
    points: [0, 0, 0, 0, 0],
    settings: {},
  },
  { kind: 'own-role', permissions: ['dispute:open', 'dispute:handle', 'trust:award', 'trust:grant'] },
];

/** Makes a random community by its routes. */
const make = async (service: TeamService, made: MadeUp) => {
  const place = await newPlace(service, made.roles);
  const url = `/v1/communities/${place.id}`;
  const users: readonly User[] = [place.owner, ...place.members];
  const userAt = (index: number): User => users[index] ?? newUser();
  const send = service.as(place.owner);
  const succeed = async ({ method, path, ...options }: Request): Promise<unknown> => {
    const answer = await send(method, path, options);
    expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
    return answer.body;
  };
  const council = (await succeed({ method: 'POST', path: `${url}/councils`, body: { name: 'Court' } })) as Council;
  for (const index of made.councillors)
    await succeed({ method: 'PUT', path: `${url}/councils/${council.id}/members/${userAt(index).userId}`, body: {} });
  const settingsOf = ({ hasDisputeCouncil, pollCreators, ...rest }: typeof made.settings) => ({
    nonContributionThresholdDays: 30,
    ...rest,
    ...(hasDisputeCouncil === undefined ? {} : { disputeHandlingCouncils: hasDisputeCouncil ? [council.id] : [] }),
    ...(pollCreators === undefined ? {} : { pollCreatorUsers: pollCreators.map((index) => userAt(index).userId) }),
  });
  await succeed({ method: 'PATCH', path: url, body: { settings: settingsOf(made.settings) }, ifMatch: 1 });
  const body = { name: 'Own', permissions: made.ownRole };
  const ownRole = (await succeed({ method: 'POST', path: `${url}/roles`, body })) as OwnRole;
  const memberAt = async (index: number): Promise<Member> => {
    const { items } = (await succeed({ method: 'GET', path: `${url}/members` })) as { readonly items: Member[] };
    return items.find(({ userId }) => userId === userAt(index).userId) ?? Promise.reject(new Error('No such member.'));
  };
  const edit = async (index: number, role: object): Promise<Request> => {
    const { userId, version } = await memberAt(index);
    return { method: 'PATCH', path: `${url}/members/${userId}`, body: role, ifMatch: version };
  };
  for (const index of made.holders) await succeed(await edit(index, { ownRoleId: ownRole.id }));
  for (const [index, points] of made.points.entries()) {
    const path = `${url}/trust/grants/${userAt(index).userId}`;
    if (points > 0) await succeed({ method: 'PUT', path, body: { points, reason: 'A founder.' }, ifMatch: 1 });
  }
  for (const index of made.awarded) await succeed({ method: 'PUT', path: `${url}/trust/awards/${userAt(index).userId}` });
  return { service, place, url, users, userAt, succeed, settingsOf, ownRole, edit };
};

type Made = Awaited<ReturnType<typeof make>>;

const requestOf = async ({ url, userAt, succeed, settingsOf, ownRole, edit }: Made, asked: Change): Promise<Request> => {
  if (asked.kind === 'settings') {
    const { version } = (await succeed({ method: 'GET', path: url })) as Community;
    return { method: 'PATCH', path: url, body: { settings: settingsOf(asked.settings) }, ifMatch: version };
  }
  if (asked.kind === 'own-role') {
    const path = `${url}/roles/${ownRole.id}`;
    return { method: 'PATCH', path, body: { permissions: asked.permissions }, ifMatch: ownRole.version };
  }
  if (asked.kind === 'removal') return { method: 'DELETE', path: `${url}/members/${userAt(asked.of).userId}` };
  return edit(asked.of, asked.kind === 'given' ? { ownRoleId: ownRole.id } : { role: asked.role });
};

/** The facts of all members that a dry run reads at once are those that are explained one by one. */
const expectSameFacts = async ({ service, place }: Made): Promise<void> => {
  const facts = createPermissionFacts(service.tables.connection);
  const asked = { callerId: place.owner.userId, needed: 'member:read', communityId: place.id } as const;
  for (const { userId, facts: listed } of await facts.list(place.id))
    expect(listed).toEqual(await facts.find({ ...asked, userId }));
};

/** Every page of a dry run, of two members each. */
const tryOut = async ({ service, place }: Made, { method, path, ...options }: Request): Promise<ChangeImpact> => {
  const answers: ChangeImpact[] = [];
  for (let after = ''; ;) {
    const paged = `${path}?dryRun=true&limit=2${after === '' ? '' : `&after=${after}`}`;
    const { status, body } = await service.as(place.owner)(method, paged, options);
    expect([status, body]).toEqual([200, body]);
    answers.push(body as ChangeImpact);
    const { nextAfter } = body as ChangeImpact;
    if (nextAfter === null) break;
    after = nextAfter;
  }
  const [first] = answers;
  if (first === undefined) throw new Error('A dry run answers at least one page.');
  return { ...first, members: answers.flatMap(({ members }) => members) };
};

const namesOf = (changes: readonly { readonly permission: string }[]): readonly string[] =>
  changes.map(({ permission }) => permission).toSorted();

/** Holds so many random changes of random communities to their dry runs; their events are looked for in `outbox`. Returns how many were tried. */
export const holdForDryRuns = async (service: TeamService, outbox: OutboxWindow, numRuns: number): Promise<number> => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(community, change, async (made, asked) => {
      const there = await make(service, made);
      const request = await requestOf(there, asked);
      await expectSameFacts(there);
      const read = () => readRights(service.tables, there.place, there.users);
      const before = await read();
      const events = await outboxOf(outbox, there.place.id);
      const impact = await tryOut(there, request);
      expect(differenceOf(before, await read())).toEqual([]);
      expect(await outboxOf(outbox, there.place.id)).toEqual(events);
      await there.succeed(request);
      const difference = differenceOf(before, await read());
      expect(
        impact.members.map(({ userId, gains, losses, title }) => ({
          userId,
          gains: namesOf(gains),
          losses: namesOf(losses),
          title,
        })),
      ).toEqual(difference);
      expect(impact.memberCount).toBe(difference.length);
      for (const { permission, gained, lost } of impact.rights) {
        expect(difference.filter(({ gains }) => gains.includes(permission)).length).toBe(gained);
        expect(difference.filter(({ losses }) => losses.includes(permission)).length).toBe(lost);
      }
      tried += 1;
    }),
    { numRuns, examples: [risingRole] },
  );
  return tried;
};
