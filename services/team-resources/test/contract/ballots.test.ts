import { timesAtOnce } from '@guildhall/testkit';
import type { Poll } from '@guildhall/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { admit } from '../support/people.ts';
import { newPollPlace, resultOf } from '../support/polls.ts';
import { newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const invalid = (...errors: readonly object[]) => ({
  status: 400,
  etag: undefined,
  body: expect.objectContaining({ code: 'INVALID', errors }) as unknown,
});
const notAnElector = problem(403, 'FORBIDDEN', 'Only who could vote when this poll opened votes in it.');
/** The users of the property below are numbered: four voters first. */
const isVoter = (index: number) => index < 4;
const isTooMany = (options: readonly number[], { choice }: Poll) => choice === 'single' && options.length > 1;

describe('a ballot', () => {
  test('is the caller’s own, and changed until the poll closes', async () => {
    const place = await newPollPlace(service, ['member']);
    const { id } = await place.open({ choice: 'multiple' });
    const url = `${place.url}/${id}/ballot`;
    expect(await service.as(place.owner)('GET', url)).toEqual(noSuch('ballot'));
    const first = await place.vote(id, [3, 1]);
    const { createdAt } = first.body as { createdAt: string };
    expect(first).toEqual({
      status: 200,
      etag: undefined,
      body: { pollId: id, options: [1, 3], createdAt, updatedAt: createdAt },
    });
    expect(await place.vote(id, [1, 3])).toEqual(first);
    const second = await place.vote(id, [2]);
    expect(second.body).toEqual({ pollId: id, options: [2], createdAt, updatedAt: expect.any(String) });
    expect(await place.ballotOf(id, place.owner)).toEqual(second.body);
    expect(await service.as(place.member(0))('GET', url)).toEqual(noSuch('ballot'));
    await service.as(place.owner)('POST', `${place.url}/${id}/close`);
    expect(await place.vote(id, [1])).toEqual(problem(409, 'CONFLICT', 'This poll is closed.'));
    expect((await place.read(id)).result).toEqual(resultOf(1, 0, 1, 0));
    expect(await place.ballotOf(id, place.owner)).toEqual(second.body);
  });

  test('is refused with options that the poll does not have, and with two in a single choice', async () => {
    const place = await newPollPlace(service);
    const { id } = await place.open();
    expect(await place.vote(id, [2, 4])).toEqual(
      invalid({ path: '/options', message: 'must be one option' }, { path: '/options/1', message: 'must be an option: 1 to 3' }),
    );
    for (const options of [[], [0], [1, 1], [1.5]]) expect((await place.vote(id, options)).status).toBe(400);
    expect((await place.read(id)).hasVoted).toBe(false);
  });

  test('leaves an audit event that does not say what was chosen, and none when nothing changes', async () => {
    const place = await newPollPlace(service);
    const { id } = await place.open({ resultsVisible: 'after_close', options: ['Secret-A', 'Secret-B'] });
    for (const options of [[1], [1], [2]]) await place.vote(id, options);
    const events = (await outboxOf(outbox, place.communityId)).filter(({ action }) => action === 'ballot.cast');
    expect(events.map(({ actor, resource, result, changes }) => ({ actor: actor.id, resource, result, changes }))).toEqual(
      Array.from({ length: 2 }, () => ({
        actor: place.owner.userId,
        resource: { type: 'poll', id, name: 'Tea or coffee?' },
        result: 'success',
        changes: undefined,
      })),
    );
    expect(JSON.stringify(events)).not.toMatch(/Secret|option/);
  });
});

describe('the electorate', () => {
  test('is who may vote when the poll opens: no viewers, nobody who comes later', async () => {
    const place = await newPollPlace(service, ['member', 'viewer']);
    const { id, electorCount } = await place.open();
    expect(electorCount).toBe(2);
    const later = await admit(service, place.owner, place.communityId, 'moderator');
    expect(await place.vote(id, [1], later)).toEqual(notAnElector);
    expect(await place.vote(id, [1], place.member(1))).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include poll:vote.'),
    );
    expect((await place.vote(id, [1], place.member(0))).status).toBe(200);
    expect(await place.read(id, later)).toMatchObject({ electorCount: 2, isElector: false, result: { ballotCount: 1 } });
    expect((await place.open({}, later)).electorCount).toBe(3);
    const denied = (await outboxOf(outbox, place.communityId)).filter(({ result }) => result === 'denied');
    expect(denied.map(({ action, actor }) => [action, actor.id])).toEqual([
      ['ballot.cast', later.userId],
      ['ballot.cast', place.member(1).userId],
    ]);
  });

  test('keeps its ballots when a member is removed, who votes no more until they are back', async () => {
    const place = await newPollPlace(service, ['member']);
    const member = place.member(0);
    const { id } = await place.open();
    await place.vote(id, [1], member);
    await service.as(place.owner)('DELETE', `/v1/communities/${place.communityId}/members/${member.userId}`);
    expect(await place.vote(id, [2], member)).toEqual(noSuch('poll'));
    expect((await place.read(id)).result).toEqual(resultOf(1, 1, 0, 0));
    await admit(service, place.owner, place.communityId, 'viewer', member);
    expect((await place.vote(id, [2], member)).status).toBe(403);
    const url = `/v1/communities/${place.communityId}/members/${member.userId}`;
    await service.as(place.owner)('PATCH', url, { body: { role: 'member' }, ifMatch: 3 });
    expect((await place.vote(id, [2], member)).status).toBe(200);
    expect((await place.read(id)).result).toEqual(resultOf(1, 0, 1, 0));
  });
});

describe('a result', () => {
  const shown = resultOf(1, 0, 1, 0);

  test.each([
    ['always', { before: shown, voted: shown, closed: shown }],
    ['after_vote', { before: null, voted: shown, closed: shown }],
    ['after_close', { before: null, voted: null, closed: shown }],
  ])(
    'that is visible %s is hidden from everyone else, owners and who opened the poll included',
    async (resultsVisible, expected) => {
      const place = await newPollPlace(service, ['member', 'viewer', 'admin', 'member']);
      const voter = place.member(3);
      const { id } = await place.open({ resultsVisible }, place.member(0));
      await place.vote(id, [2], voter);
      const others = [place.owner, place.member(0), place.member(1), place.member(2)];
      const results = (users: readonly User[]) => Promise.all(users.map(async (user) => (await place.read(id, user)).result));
      expect(await results(others)).toEqual(others.map(() => expected.before));
      expect(await results([voter])).toEqual([expected.voted]);
      await service.as(place.owner)('POST', `${place.url}/${id}/close`);
      expect(await results([...others, voter])).toEqual([...others, voter].map(() => expected.closed));
    },
  );

  test('that is hidden is in no answer of any route', async () => {
    const place = await newPollPlace(service, ['member', 'member']);
    const { id } = await place.open({ resultsVisible: 'after_close' }, place.member(0));
    const before = await place.read(id);
    for (const user of [place.owner, place.member(0), place.member(1)]) await place.vote(id, [2], user);
    expect(await place.read(id)).toEqual({ ...before, hasVoted: true });
    const listed = await service.as(place.owner)('GET', `${place.url}?q=tea&sort=closing`);
    const { options: _options, result: _result, ...summary } = { ...before, hasVoted: true };
    expect(listed.body).toEqual({ items: [summary], nextCursor: null });
    const edit = { body: { description: 'x' }, ifMatch: 1 };
    expect((await service.as(place.owner)('PATCH', `${place.url}/${id}`, edit)).body).toMatchObject({ result: null });
    await service.as(place.owner)('DELETE', `${place.url}/${id}`, { ifMatch: 2 });
    expect((await service.as(place.owner)('POST', `${place.url}/${id}/restore`)).body).toMatchObject({ result: null });
  });

  test('is what a recount of the last ballot of each voter gives, after any sequence of ballots', async () => {
    const place = await newPollPlace(service, ['member', 'member', 'moderator', 'viewer']);
    const users = [place.owner, place.member(0), place.member(1), place.member(2), place.member(3), newUser()];
    const ballot = fc.record({ user: fc.nat(5), options: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }) });
    const polls = fc.record({
      choice: fc.constantFrom('single', 'multiple'),
      ballots: fc.array(ballot, { maxLength: 12 }),
      isParallel: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(polls, async ({ choice, ballots, isParallel }) => {
        const poll = await place.open({ choice });
        const isValid = ({ user, options }: { user: number; options: number[] }) => isVoter(user) && !isTooMany(options, poll);
        const cast = ({ user, options }: { user: number; options: number[] }) => place.vote(poll.id, options, users[user]);
        // Ballots of one user go one after the other, so that the model knows which is the last.
        const byUser = Object.values(Object.groupBy(ballots, ({ user }) => user)).map((own) => own ?? []);
        const inTurn = async (own: typeof ballots) => {
          const statuses: number[] = [];
          for (const each of own) statuses.push((await cast(each)).status);
          return statuses;
        };
        const statuses = isParallel ? await Promise.all(byUser.map(inTurn)) : [await inTurn(byUser.flat())];
        expect(statuses.flat().map((status) => status === 200)).toEqual(byUser.flat().map(isValid));
        const last = byUser.map((own) => own.findLast(isValid)?.options).filter((options) => options !== undefined);
        const votes = [1, 2, 3].map((number) => last.filter((options) => options.includes(number)).length);
        expect((await place.read(poll.id)).result).toEqual(resultOf(last.length, ...votes));
        const rows = await outbox.run(`SELECT option_numbers FROM team.poll_ballots WHERE poll_id = '${poll.id}'`);
        expect(rows.map(({ option_numbers: numbers }) => JSON.stringify(numbers)).toSorted()).toEqual(
          last.map((options) => JSON.stringify(options.toSorted((one, other) => one - other).map(String))).toSorted(),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe('at the same time', () => {
  test('two hundred ballots of one member are one ballot, whatever the last is', async () => {
    const place = await newPollPlace(service);
    const { id } = await place.open();
    const answers = await timesAtOnce(200, (index) => place.vote(id, [(index % 3) + 1]));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const rows = await outbox.run(`SELECT option_numbers FROM team.poll_ballots WHERE poll_id = '${id}'`);
    expect(rows).toHaveLength(1);
    const { options } = await place.ballotOf(id, place.owner);
    const votes = [1, 2, 3].map((number) => (options[0] === number ? 1 : 0));
    expect((await place.read(id)).result).toEqual(resultOf(1, ...votes));
  });

  test('two hundred ballots and a close: what the close answers is the result for ever', async () => {
    const place = await newPollPlace(
      service,
      Array.from({ length: 19 }, () => 'member' as const),
    );
    const voters = Array.from({ length: 20 }, (_, index) => (index === 19 ? place.owner : place.member(index)));
    const { id } = await place.open({ resultsVisible: 'after_close' });
    const close = Promise.withResolvers<Poll>();
    const answers = await timesAtOnce(200, async (index) => {
      if (index === 100)
        close.resolve(
          service
            .as(place.owner)('POST', `${place.url}/${id}/close`)
            .then(({ body }) => body as Poll),
        );
      return place.vote(id, [(index % 3) + 1], voters[index % 20]);
    });
    const closed = await close.promise;
    expect([200, 409]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]));
    expect(closed.status).toBe('closed');
    expect(await place.read(id)).toEqual(closed);
    expect((await place.vote(id, [1])).status).toBe(409);
    const rows = await outbox.run(`SELECT option_numbers FROM team.poll_ballots WHERE poll_id = '${id}'`);
    const votes = [1, 2, 3].map(
      (number) => rows.filter(({ option_numbers: numbers }) => String((numbers as string[])[0]) === `${number}`).length,
    );
    expect(closed.result).toEqual(resultOf(rows.length, ...votes));
  });
});
