import { call } from '../../api/call.ts';
import { createPoll, listPollsQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { WhyNot } from '../community/why-not.tsx';
import type { ScreenParts } from '../screens.ts';
import { pollTexts } from './texts.ts';

const NewPoll = ({ place: { communityId, address, may } }: { readonly place: Place }) => {
  const t = useTexts(pollTexts);
  if (!may('poll:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={createPoll}
      run={(body) => call('createPoll', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/polls/${id}`)}
    />
  );
};

const List = ({ place }: { readonly place: Place }) => {
  const t = useTexts(pollTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { communityId, address, may } = place;
  return (
    <>
      <NounList
        list={['listPolls', communityId]}
        read={(query) => call('listPolls', { params: { communityId }, query })}
        filters={listPollsQuery}
        none={t.none}
        noneText={t.lead}
        row={({ id, question, description, status, hasVoted, isElector, closesAt, createdByName }) => ({
          title: question,
          to: `${address}/polls/${id}`,
          text: description,
          badges: [
            { text: optionOf(k, status), look: status === 'open' ? 'good' : 'info' },
            ...(hasVoted ? [{ text: t.voted }] : []),
            ...(isElector && !hasVoted && status === 'open' ? [{ text: t.waits, look: 'warn' } as const] : []),
          ],
          note: status === 'open' && closesAt !== null ? t.closes(format.ago(closesAt)) : createdByName,
        })}
        restore={may('poll:create') ? ({ id }) => call('restorePoll', { params: { communityId, pollId: id } }) : undefined}
      />
      <WhyNot place={place} right="poll:create" />
    </>
  );
};

/** The polls of a community. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(pollTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewPoll}>
      {(place) => <List place={place} />}
    </CommunityScreen>
  );
};
