import { idOf, type SignedIn, type Steps } from './steps.ts';
import type { Terminal } from './terminal.ts';

interface Community {
  readonly communityId: string;
  readonly ada: SignedIn;
  readonly ben: SignedIn;
  readonly cleo: SignedIn;
}

interface Part extends Community {
  readonly steps: Steps;
  readonly terminal: Terminal;
  /** The path of the community. */
  readonly path: string;
}

/**
 * The life of a community: trust is granted and passed on, wealth offered, requested, disputed and handed over, and a poll held.
 * Ada owns the community, Ben is a viewer of it, Cleo is not yet a member.
 */
export const liveInCommunity = async (steps: Steps, terminal: Terminal, community: Community): Promise<void> => {
  const part = { ...community, steps, terminal, path: `/v1/communities/${community.communityId}` };
  await becomeMembers(part);
  await gainTrust(part);
  await shareWealth(part);
  await holdPoll(part);
};

const becomeMembers = async ({ steps, terminal, path, ada, ben, cleo }: Part): Promise<void> => {
  terminal.step('Ada makes Ben a member; Cleo comes by a link');
  await steps.expect('PATCH', `${path}/members/${ben.userId}`, {
    token: ada.token,
    ifMatch: '"1"',
    body: { role: 'member' },
    status: 200,
    has: { role: 'member' },
    event: 'member.update',
  });
  const invite = await steps.expect('POST', `${path}/invites`, {
    token: ada.token,
    body: { role: 'member' },
    status: 201,
    event: 'invite.create',
  });
  const accepted = { token: cleo.token, body: { token: invite['token'] }, status: 200, event: 'invite.accept' };
  await steps.expect('POST', '/v1/invites/accept', accepted);
};

const gainTrust = async ({ steps, terminal, path, ada, ben, cleo }: Part): Promise<void> => {
  terminal.step('Nobody trusts Ben yet: he may not vouch for anyone');
  const vouch = { token: ben.token, event: 'trust-award.create' };
  const forCleo = `${path}/trust/awards/${cleo.userId}`;
  await steps.expect('PUT', forCleo, { ...vouch, status: 403, has: { code: 'FORBIDDEN' }, result: 'denied' });

  terminal.step('Ada grants him 15 points, with a reason; now he vouches for Cleo');
  await steps.expect('PUT', `${path}/trust/grants/${ben.userId}`, {
    token: ada.token,
    ifMatch: '"1"',
    body: { points: 15, reason: 'He keeps the night batch running.' },
    status: 200,
    has: { points: 15 },
    event: 'trust-grant.update',
  });
  await steps.expect('PUT', forCleo, { ...vouch, status: 200, has: { toUserId: cleo.userId } });
  await steps.expect('GET', `${path}/trust/scores/${cleo.userId}`, { token: cleo.token, status: 200, has: { score: 1 } });
};

const shareWealth = async (part: Part): Promise<void> => {
  const { steps, terminal, path, ben, cleo } = part;
  terminal.step('Ben, trusted now, offers a laptop, and Cleo requests it');
  const laptop = await steps.expect('POST', `${path}/wealth`, {
    token: ben.token,
    body: { type: 'object', title: 'Laptop with 32 GB', quantity: 1 },
    status: 201,
    has: { status: 'active', quantityLeft: 1 },
    event: 'wealth.create',
  });
  const wealth = `${path}/wealth/${idOf(laptop)}`;
  const request = await steps.expect('POST', `${wealth}/requests`, {
    token: cleo.token,
    body: { quantity: 1, note: 'For the release next week.' },
    status: 201,
    has: { status: 'pending' },
    event: 'wealth-request.create',
  });
  await handOver({ ...part, wealth, request: `${wealth}/requests/${idOf(request)}` });
};

/** An accepted request, a dispute about it, and its end. */
const handOver = async (part: Part & { readonly wealth: string; readonly request: string }): Promise<void> => {
  const { steps, terminal, path, ada, ben, cleo, wealth, request } = part;
  const move = { status: 200, event: 'wealth-request.update' };

  terminal.step('Ben accepts: none is left. Cleo waits, and opens a dispute, which Ada resolves');
  const accepted = { ...move, token: ben.token, ifMatch: '"1"', body: { status: 'accepted' }, has: { status: 'accepted' } };
  await steps.expect('PATCH', request, accepted);
  await steps.expect('GET', wealth, { token: cleo.token, status: 200, has: { quantityLeft: 0 } });
  const dispute = await steps.expect('POST', `${request}/disputes`, {
    token: cleo.token,
    body: { reason: 'It was promised for Monday.' },
    status: 201,
    has: { status: 'open' },
    event: 'dispute.create',
  });
  await steps.expect('PATCH', `${path}/disputes/${idOf(dispute)}`, {
    token: ada.token,
    ifMatch: '"1"',
    body: { status: 'resolved', resolution: 'Ben brings it today.' },
    status: 200,
    has: { status: 'resolved' },
    event: 'dispute.update',
  });

  terminal.step('He brings it. Cleo calls the request fulfilled, and with it the laptop is');
  const fulfilled = { ...move, token: cleo.token, ifMatch: '"2"', body: { status: 'fulfilled' }, has: { status: 'fulfilled' } };
  await steps.expect('PATCH', request, fulfilled);
  await steps.expect('GET', wealth, { token: cleo.token, status: 200, has: { status: 'fulfilled' } });
};

const holdPoll = async ({ steps, terminal, path, ada, ben, cleo }: Part): Promise<void> => {
  terminal.step('Ada asks the members; who has voted sees the result');
  const poll = await steps.expect('POST', `${path}/polls`, {
    token: ada.token,
    body: { question: 'When shall the night batch begin?', options: ['At 23:00', 'At midnight'], resultsVisible: 'after_vote' },
    status: 201,
    has: { electorCount: 3, result: null },
    event: 'poll.create',
  });
  const one = `${path}/polls/${idOf(poll)}`;
  for (const { token } of [ben, cleo])
    await steps.expect('PUT', `${one}/ballot`, { token, body: { options: [2] }, status: 200, event: 'ballot.cast' });
  await steps.expect('GET', one, { token: ben.token, status: 200, has: { hasVoted: true, status: 'open' } });

  terminal.step('Once it is closed, nobody votes any more');
  await steps.expect('POST', `${one}/close`, { token: ada.token, status: 200, event: 'poll.close' });
  const late = { token: ada.token, body: { options: [1] }, status: 409, has: { code: 'CONFLICT' } };
  await steps.expect('PUT', `${one}/ballot`, late);
};
