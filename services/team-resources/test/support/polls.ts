import type { Ballot, CommunityRole, Poll, PollSummary } from '@guildhall/contracts';
import type { OutboxWindow } from './outbox.ts';
import { newPlace } from './people.ts';
import { newUser, type Reply, type TeamService, type User } from './team-service.ts';

/** A community in which polls are tried, and the requests to its polls. */
export interface PollPlace {
  readonly communityId: string;
  readonly owner: User;
  readonly url: string;
  as(user: User): ReturnType<TeamService['as']>;
  member(index: number): User;
  open(fields?: Readonly<Record<string, unknown>>, user?: User): Promise<Poll>;
  read(pollId: string, user?: User): Promise<Poll>;
  vote(pollId: string, options: readonly number[], user?: User): Promise<Reply>;
  ballotOf(pollId: string, user: User): Promise<Ballot>;
}

export const newPollPlace = async (
  service: TeamService,
  roles: readonly Exclude<CommunityRole, 'owner'>[] = [],
): Promise<PollPlace> => {
  const { id: communityId, owner, members } = await newPlace(service, roles);
  const url = `/v1/communities/${communityId}/polls`;
  return {
    communityId,
    owner,
    url,
    as: service.as,
    member: (index) => members[index] ?? newUser(),
    open: async (fields = {}, user = owner) => {
      const body = { question: 'Tea or coffee?', options: ['Tea', 'Coffee', 'Water'], ...fields };
      const answer = await service.as(user)('POST', url, { body });
      if (answer.status !== 201) throw new Error(`Opening a poll answered ${JSON.stringify(answer)}.`);
      return answer.body as Poll;
    },
    read: async (pollId, user = owner) => (await service.as(user)('GET', `${url}/${pollId}`)).body as Poll,
    vote: (pollId, options, user = owner) => service.as(user)('PUT', `${url}/${pollId}/ballot`, { body: { options } }),
    ballotOf: async (pollId, user) => (await service.as(user)('GET', `${url}/${pollId}/ballot`)).body as Ballot,
  };
};

/** The result of a poll with these votes for its options, in order. */
export const resultOf = (ballotCount: number, ...votes: readonly number[]) => ({
  ballotCount,
  options: votes.map((count, index) => ({ number: index + 1, votes: count })),
});

interface PollPage {
  readonly items: readonly PollSummary[];
  readonly nextCursor: string | null;
}

/** A page of the list of polls, as a user sees it; without one, as the owner does. */
export const pollsOf = async ({ as, url, owner }: PollPlace, query = '', user: User = owner): Promise<PollPage> =>
  (await as(user)('GET', url + query)).body as PollPage;

/** The questions on a page of the list of polls. */
export const questionsOf = async (place: PollPlace, query = '', user: User = place.owner): Promise<readonly string[]> =>
  (await pollsOf(place, query, user)).items.map(({ question }) => question);

/** Lets the closing time of a poll have passed a second ago. */
export const closeByTime = (window: OutboxWindow, pollId: string): Promise<unknown> =>
  window.run(`UPDATE team.polls SET closes_at = now() - interval '1 second' WHERE id = '${pollId}'`);
