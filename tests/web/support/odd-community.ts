import type { HttpClient } from '../../../tools/demo/http-client.ts';
import { must } from '../../support/users.ts';
import { ben, inviteByApi, owner, tokenOf } from './people.ts';

/** A text that a page may only show: markup, quotes, two directions of writing, a symbol of two parts. */
export const oddText = `<img src=x onerror=alert(1)> "'&amp; مرحبا 👩‍🚀`;
/** A name without a place where its line may break. */
const longName = 'W'.repeat(60);

const idOf = ({ id }: Record<string, unknown>): string => String(id);

/** A community in which everything has a name that a page may only show, made by the API. Returns the addresses of its screens. */
export const makeOddCommunity = async (http: HttpClient): Promise<readonly string[]> => {
  const communityId = await inviteByApi(http, `${oddText} ${longName.slice(0, 40)}`, ben);
  const path = `/v1/communities/${communityId}`;
  const [token, benToken] = [await tokenOf(http, owner), await tokenOf(http, ben)];
  const create = async (part: string, body: Record<string, unknown>, by = token): Promise<string> =>
    idOf(await must(http, 201, 'POST', `${path}/${part}`, { token: by, body }));
  const me = await must(http, 200, 'GET', '/v1/auth/me', { token: benToken });
  const grant = { points: 15, reason: oddText };
  await must(http, 200, 'PUT', `${path}/trust/grants/${idOf(me)}`, { token, ifMatch: '"1"', body: grant });

  const councilId = await create('councils', { name: longName, description: oddText });
  const poolId = await create('pools', { name: oddText, unit: 'kg', councilId });
  const needId = await create('needs', { title: longName, description: oddText, quantity: 3, councilId });
  const forumId = await create('forums', { name: oddText });
  const threadId = await create(`forums/${forumId}/threads`, { title: `${oddText} ${longName}`, content: oddText });
  await create(`forums/${forumId}/threads/${threadId}/posts`, { content: `${longName}${longName} ${oddText}` }, benToken);
  const pollId = await create('polls', { question: oddText, options: [longName, oddText], resultsVisible: 'always' });
  const ownRoleId = await create('roles', { name: longName, description: oddText, permissions: ['script:read'] });
  const wealthId = await create('wealth', { type: 'object', title: oddText, description: longName, quantity: 1 }, benToken);
  const requestId = await create(`wealth/${wealthId}/requests`, { quantity: 1, note: longName });
  const accepted = { token: benToken, ifMatch: '"1"', body: { status: 'accepted' } };
  await must(http, 200, 'PATCH', `${path}/wealth/${wealthId}/requests/${requestId}`, accepted);
  const disputeId = await create(`wealth/${wealthId}/requests/${requestId}/disputes`, { reason: `${longName} ${oddText}` });

  const parts = [
    'councils',
    `councils/${councilId}`,
    'pools',
    `pools/${poolId}`,
    'needs',
    `needs/${needId}`,
    'forums',
    `forums/${forumId}`,
    `forums/${forumId}/threads/${threadId}`,
    'polls',
    `polls/${pollId}`,
    'roles',
    `roles/${ownRoleId}`,
    'wealth',
    `wealth/${wealthId}`,
    'disputes',
    `disputes/${disputeId}`,
    'trust',
    'activity',
    'audit',
    'settings',
    `blame?type=own-role&id=${ownRoleId}&path=/permissions`,
  ];
  return ['', ...parts.map((part) => `/${part}`)].map((part) => `/app/communities/${communityId}${part}`);
};
