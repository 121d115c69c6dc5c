import type { Poll } from '@guildhall/contracts';
import { countStatements } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit } from '../support/people.ts';
import { closeByTime, newPollPlace, pollsOf, questionsOf, resultOf, type PollPlace } from '../support/polls.ts';
import { done, newUser, noSuch, problem, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

/** Names the users who open polls in the community of a place. */
const setPollCreators = async ({ communityId, owner }: PollPlace, users: readonly User[]) => {
  const settings = { pollCreatorUsers: users.map(({ userId }) => userId) };
  const edit = { body: { settings }, ifMatch: 1 };
  expect((await service.as(owner)('PATCH', `/v1/communities/${communityId}`, edit)).status).toBe(200);
};
const statementsOf = async (work: () => Promise<unknown>) => (await countStatements(work)).statements.length;
const notModerated = (role: string) =>
  problem(403, 'FORBIDDEN', `Your role here, ${role}, does not include poll:moderate: the poll is another’s.`);
const pollClosed = problem(409, 'CONFLICT', 'This poll is closed.');

describe('opening a poll', () => {
  test('answers the poll, which is then read and listed the same', async () => {
    const place = await newPollPlace(service, ['member', 'viewer']);
    const { communityId, owner, url } = place;
    const body = { question: 'Tea?', options: ['Yes', 'No'], resultsVisible: 'always', closesAt: '2099-01-01T01:00:00+01:00' };
    const created = await service.as(owner)('POST', url, { body });
    const { id, createdAt } = created.body as Poll;
    const summary = {
      id,
      communityId,
      question: 'Tea?',
      description: '',
      choice: 'single',
      resultsVisible: 'always',
      status: 'open',
      closesAt: '2099-01-01T00:00:00.000Z',
      closedAt: null,
      electorCount: 2,
      isElector: true,
      hasVoted: false,
      createdBy: owner.userId,
      createdByName: 'Ada',
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    const options = [
      { number: 1, text: 'Yes' },
      { number: 2, text: 'No' },
    ];
    const whole = { ...summary, options, result: resultOf(0, 0, 0) };
    expect(created).toEqual({ status: 201, etag: '"1"', body: whole });
    expect(await service.as(owner)('GET', `${url}/${id}`)).toEqual({ status: 200, etag: '"1"', body: whole });
    expect(await pollsOf(place)).toEqual({ items: [summary], nextCursor: null });
    expect(await place.read(id, place.member(1))).toEqual({ ...whole, isElector: false });
  });

  test('happens once per Idempotency-Key', async () => {
    const place = await newPollPlace(service);
    const once = { body: { question: 'Tea?', options: ['Yes', 'No'] }, key: 'key-1' };
    const send = service.as(place.owner);
    const answers = await Promise.all([send('POST', place.url, once), send('POST', place.url, once)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await questionsOf(place)).toEqual(['Tea?']);
    const other = { ...once, body: { ...once.body, question: 'Coffee?' } };
    expect((await send('POST', place.url, other)).status).toBe(422);
  });

  test.each([
    ['one option', { options: ['Tea'] }],
    ['the same option twice', { options: ['Tea', 'Tea'] }],
    ['twenty-one options', { options: Array.from({ length: 21 }, (_, n) => `${n}`) }],
    ['a closing time that has passed', { closesAt: '2020-01-01T00:00:00.000Z' }],
    ['a closing time that no calendar has', { closesAt: '2099-12-31T23:59:60.000Z' }],
    ['another choice', { choice: 'ranked' }],
  ])('is refused with %s', async (_what, fields) => {
    const { url, owner } = await newPollPlace(service);
    const answer = await service.as(owner)('POST', url, { body: { question: 'Tea?', options: ['Yes', 'No'], ...fields } });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'INVALID']);
  });

  test('is for every member, until the settings name who opens polls; for moderators and up always', async () => {
    const place = await newPollPlace(service, ['member', 'member', 'moderator']);
    await place.open({}, place.member(0));
    await setPollCreators(place, [place.member(1)]);
    await expect(place.open({}, place.member(0))).rejects.toThrow(
      'The settings of this community name who opens polls: others, here.',
    );
    for (const user of [place.member(1), place.member(2), place.owner]) await place.open({}, user);
    const last = (await outboxOf(outbox, place.communityId)).filter(({ action }) => action === 'poll.create');
    expect(last.map(({ actor, result }) => [actor.id, result])).toEqual([
      [place.member(0).userId, 'success'],
      [place.member(0).userId, 'denied'],
      [place.member(1).userId, 'success'],
      [place.member(2).userId, 'success'],
      [place.owner.userId, 'success'],
    ]);
  });
});

describe('an open poll', () => {
  test('is changed in its description and closing time, one change of a version at a time', async () => {
    const place = await newPollPlace(service);
    const { id, ...poll } = await place.open();
    const send = (body: object, ifMatch: number) => service.as(place.owner)('PATCH', `${place.url}/${id}`, { body, ifMatch });
    const changed = await send({ description: 'Hot.', closesAt: '2099-01-01T00:00:00.000Z' }, 1);
    const { updatedAt } = changed.body as Poll;
    const whole = { ...poll, id, description: 'Hot.', closesAt: '2099-01-01T00:00:00.000Z', version: 2, updatedAt };
    expect(changed).toEqual({ status: 200, etag: '"2"', body: whole });
    expect(await place.read(id)).toEqual(whole);
    expect((await send({ description: 'Hot.' }, 2)).body).toEqual(whole);
    expect(await send({ description: 'Cold.' }, 1)).toEqual(stale(2));
    expect((await send({ closesAt: '2020-01-01T00:00:00.000Z' }, 2)).status).toBe(400);
    const both = await Promise.all(['a', 'b'].map((description) => send({ description }, 2)));
    expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
    expect(((await send({ closesAt: null }, 3)).body as Poll).closesAt).toBeNull();
  });

  test.each(['question', 'options', 'choice', 'resultsVisible'])('keeps its %s', async (name) => {
    const place = await newPollPlace(service);
    const { id } = await place.open();
    const answer = await service.as(place.owner)('PATCH', `${place.url}/${id}`, { body: { [name]: 'x' }, ifMatch: 1 });
    expect(answer.status).toBe(400);
  });

  test('is closed by who opened it or by a moderator; by nobody else, and only once', async () => {
    const place = await newPollPlace(service, ['member', 'member', 'moderator']);
    const close = (poll: Poll, user: User) => service.as(user)('POST', `${place.url}/${poll.id}/close`);
    const [own, others] = [await place.open({}, place.member(0)), await place.open({}, place.member(0))];
    expect(await close(own, place.member(1))).toEqual(notModerated('member'));
    const closed = await close(own, place.member(0));
    expect(closed).toMatchObject({ status: 200, body: { status: 'closed', version: 2, closedAt: expect.any(String) } });
    expect(await close(own, place.member(0))).toEqual(closed);
    expect((await close(others, place.member(2))).status).toBe(200);
    const edit = { body: { description: 'x' }, ifMatch: 2 };
    expect(await service.as(place.owner)('PATCH', `${place.url}/${own.id}`, edit)).toEqual(pollClosed);
    const events = (await outboxOf(outbox, place.communityId)).filter(({ resource }) => resource.id === own.id);
    expect(events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'poll.create success',
      'poll.close denied',
      'poll.close success',
    ]);
  });

  test('closes by itself, for reads and lists and changes alike', async () => {
    const place = await newPollPlace(service);
    const { id } = await place.open({ closesAt: '2099-01-01T00:00:00.000Z' });
    await closeByTime(outbox, id);
    const { status, closedAt, closesAt, version } = await place.read(id);
    expect({ status, version }).toEqual({ status: 'closed', version: 1 });
    expect(closedAt).toBe(closesAt);
    const later = { body: { closesAt: '2099-01-01T00:00:00.000Z' }, ifMatch: 1 };
    expect(await service.as(place.owner)('PATCH', `${place.url}/${id}`, later)).toEqual(pollClosed);
    expect(await place.vote(id, [1])).toEqual(pollClosed);
  });
});

describe('a deleted poll', () => {
  test('is hidden, listed as deleted for its maker and moderators, and restored with its ballots', async () => {
    const place = await newPollPlace(service, ['member', 'member', 'moderator']);
    const [maker, other, moderator] = [place.member(0), place.member(1), place.member(2)];
    const { id } = await place.open({ question: 'Gone?' }, maker);
    await place.vote(id, [2], other);
    const remove = (user: User) => service.as(user)('DELETE', `${place.url}/${id}`, { ifMatch: 1 });
    expect(await remove(other)).toEqual(notModerated('member'));
    expect(await remove(maker)).toEqual(done);
    expect(await service.as(maker)('GET', `${place.url}/${id}`)).toEqual(noSuch('poll'));
    expect(await place.vote(id, [1], other)).toEqual(noSuch('poll'));
    expect(await questionsOf(place)).toEqual([]);
    const seen = await Promise.all([maker, other, moderator].map((user) => questionsOf(place, '?state=deleted', user)));
    expect(seen).toEqual([['Gone?'], [], ['Gone?']]);
    const restore = (user: User) => service.as(user)('POST', `${place.url}/${id}/restore`);
    expect(await restore(other)).toEqual(notModerated('member'));
    const restored = await restore(moderator);
    expect(restored).toMatchObject({ status: 200, body: { version: 3, result: resultOf(1, 0, 1, 0) } });
    expect(await restore(moderator)).toEqual(restored);
    expect(await questionsOf(place, '?state=deleted', moderator)).toEqual([]);
  });
});

test('no route of a poll answers who does not belong to its community', async () => {
  const [place, elsewhere] = [await newPollPlace(service), await newPollPlace(service)];
  const { id } = await place.open();
  const strangers = [newUser(), elsewhere.owner];
  for (const stranger of strangers) {
    const send = service.as(stranger);
    expect(await send('GET', place.url)).toEqual(noSuch('community'));
    const body = { question: 'Tea?', options: ['Yes', 'No'] };
    expect(await send('POST', place.url, { body })).toEqual(noSuch('community'));
    for (const url of [`${place.url}/${id}`, `${elsewhere.url}/${id}`]) {
      expect(await send('GET', url)).toEqual(noSuch('poll'));
      expect(await send('PATCH', url, { body: { description: 'x' }, ifMatch: 1 })).toEqual(noSuch('poll'));
      expect(await send('DELETE', url, { ifMatch: 1 })).toEqual(noSuch('poll'));
      for (const verb of ['close', 'restore']) expect(await send('POST', `${url}/${verb}`)).toEqual(noSuch('poll'));
      expect(await send('GET', `${url}/ballot`)).toEqual(noSuch('poll'));
      expect(await send('PUT', `${url}/ballot`, { body: { options: [1] } })).toEqual(noSuch('poll'));
    }
  }
  expect(await place.read(id)).toMatchObject({ version: 1, status: 'open', result: { ballotCount: 0 } });
});

test('a read is one statement, whatever the number of polls; a change two, a close three: its answer counts every ballot', async () => {
  const place = await newPollPlace(service, ['member']);
  for (let count = 0; count < 5; count += 1) await place.open();
  const { id } = await place.open();
  await admit(service, place.owner, place.communityId, 'member');
  const send = service.as(place.owner);
  const body = { question: 'Tea?', options: ['Yes', 'No'] };
  expect({
    list: await statementsOf(() => send('GET', place.url)),
    one: await statementsOf(() => send('GET', `${place.url}/${id}`)),
    open: await statementsOf(() => send('POST', place.url, { body })),
    vote: await statementsOf(() => place.vote(id, [1])),
    same: await statementsOf(() => place.vote(id, [1])),
    ballot: await statementsOf(() => send('GET', `${place.url}/${id}/ballot`)),
    edit: await statementsOf(() => send('PATCH', `${place.url}/${id}`, { body: { description: 'x' }, ifMatch: 1 })),
    close: await statementsOf(() => send('POST', `${place.url}/${id}/close`)),
    delete: await statementsOf(() => send('DELETE', `${place.url}/${id}`, { ifMatch: 3 })),
  }).toEqual({ list: 1, one: 1, open: 2, vote: 2, same: 1, ballot: 1, edit: 2, close: 3, delete: 2 });
});
