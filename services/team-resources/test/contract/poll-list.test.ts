import { describe, expect, test } from 'vitest';
import { closeByTime, newPollPlace, pollsOf, questionsOf } from '../support/polls.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

describe('a list of polls', () => {
  test('is filtered by state and by a part of the question, in any case', async () => {
    const place = await newPollPlace(service);
    const polls = [];
    for (const question of ['Tea?', '100% TEA?', 'Coffee?']) polls.push(await place.open({ question }));
    await closeByTime(outbox, polls[0]?.id ?? '');
    await service.as(place.owner)('POST', `${place.url}/${polls[2]?.id}/close`);
    expect(await questionsOf(place)).toEqual(['Coffee?', '100% TEA?', 'Tea?']);
    expect(await questionsOf(place, '?state=open')).toEqual(['100% TEA?']);
    expect(await questionsOf(place, '?state=closed')).toEqual(['Coffee?', 'Tea?']);
    expect(await questionsOf(place, '?q=tea')).toEqual(['100% TEA?', 'Tea?']);
    expect(await questionsOf(place, '?q=100%25')).toEqual(['100% TEA?']);
    expect(await questionsOf(place, '?q=tea&state=closed')).toEqual(['Tea?']);
    expect(await questionsOf(place, '?q=_')).toEqual([]);
  });

  test.each([
    ['newest', ['d', 'c', 'b', 'a']],
    ['oldest', ['a', 'b', 'c', 'd']],
    ['closing', ['c', 'a', 'b', 'd']],
  ])('sorted by %s comes page by page, each poll once', async (sort, expected) => {
    const place = await newPollPlace(service);
    const never = await place.open({ question: 'b' });
    const closing = [
      await place.open({ question: 'a', closesAt: '2099-02-01T00:00:00.000Z' }),
      await place.open({ question: 'c', closesAt: '2099-01-01T00:00:00.000Z' }),
    ];
    const alsoNever = await place.open({ question: 'd' });
    const byAge = [closing[0], never, closing[1], alsoNever];
    for (const [index, poll] of byAge.entries())
      await outbox.run(`UPDATE team.polls SET created_at = '2026-01-0${index + 1}T00:00:00Z' WHERE id = '${poll?.id}'`);
    const last = [never, alsoNever].toSorted((one, other) => (one.id < other.id ? -1 : 1)).map(({ question }) => question);
    const wanted = sort === 'closing' ? [...expected.slice(0, 2), ...last] : expected;
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof pollsOf>> = await pollsOf(
        place,
        `?sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ question }) => question));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(wanted);
  });

  test('refuses the cursor of another order', async () => {
    const place = await newPollPlace(service);
    await place.open();
    await place.open();
    const { nextCursor } = await pollsOf(place, '?limit=1');
    const answer = await service.as(place.owner)('GET', `${place.url}?sort=closing&cursor=${nextCursor}`);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'INVALID']);
  });
});
