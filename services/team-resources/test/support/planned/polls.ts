import type { Poll } from '@guildhall/contracts';
import { at, auditEvent, deepIn, page, type Place, row, type Statements, userId } from './frame.ts';

const states = [null, 'open', 'closed', 'deleted'] as const;
const pollOf = ({ communityId, pollId: id }: Place): Poll => ({
  id,
  communityId,
  question: 'q',
  description: '',
  choice: 'single',
  options: [{ number: 1, text: 'a' }],
  resultsVisible: 'always',
  status: 'open',
  closesAt: null,
  closedAt: null,
  electorCount: 100,
  isElector: true,
  hasVoted: false,
  result: null,
  ...row,
});

export const ofPolls: Statements = {
  'polls, in every order, state and position': async (stores, { communityId, pollId }) => {
    for (const sort of ['newest', 'oldest', 'closing'] as const)
      for (const state of states)
        for (const text of [undefined, 'question 99'])
          for (const after of [page, deepIn(pollId)]) await stores.polls.list(userId, communityId, { state, text, sort }, after);
    const without = { limit: 26, after: { time: null, id: pollId } };
    await stores.polls.list(userId, communityId, { state: null, text: undefined, sort: 'closing' }, without);
  },
  'one poll with its result': (stores, { communityId, pollId }) => stores.polls.find(userId, communityId, pollId),
  'where a poll is opened': (stores, { communityId }) => stores.polls.findCreateTarget(userId, communityId, 'key'),
  'opening a poll': (stores, place) => {
    const remembered = { key: 'key', requestHash: 'hash', body: {} };
    return stores.polls.insert(pollOf(place), { userId, event: auditEvent() }, remembered);
  },
  'closing, changing and deleting a poll': async (stores, place) => {
    const [store, next, write] = [stores.polls, pollOf(place), { userId, event: auditEvent() }];
    await store.close(next, write);
    await store.save(next, write);
    await store.setDeleted(next, true, write);
  },
  'a ballot that is read and cast': async (stores, { communityId, pollId }) => {
    const store = stores.ballots;
    await store.find(userId, communityId, pollId);
    await store.cast({ communityId, pollId, userId, options: [1], at, event: auditEvent() });
  },
};
