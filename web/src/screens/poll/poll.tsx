import type { Poll } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { updatePoll } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Detail } from '../../kit/detail.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Shown } from '../../ui/states.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { pollTexts } from '../polls/texts.ts';
import type { ScreenParts } from '../screens.ts';
import { BallotForm } from './ballot-form.tsx';
import { Result } from './result.tsx';

const Opened = ({ place, poll }: { readonly place: Place; readonly poll: Poll }) => {
  const t = useTexts(pollTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { status, version, closesAt, closedAt, isElector } = poll;
  const params = { communityId: place.communityId, pollId: poll.id };
  const isOpen = status === 'open';
  const mayChange = place.may('poll:create') && (poll.createdBy === place.ownId || place.may('poll:moderate'));
  const close = {
    label: t.close,
    look: 'danger',
    question: t.closeText,
    run: () => call('closePoll', { params }),
  } as const;
  return (
    <>
      <Detail
        item={poll}
        description={poll.description}
        badges={[{ text: optionOf(k, status), look: isOpen ? 'good' : 'info' }, { text: optionOf(k, poll.choice) }]}
        facts={[
          [t.electors, t.members(poll.electorCount)],
          [k.field.resultsVisible, optionOf(k, poll.resultsVisible)],
          [t.closing, isOpen && closesAt !== null ? format.time(closesAt) : null],
          [t.closed, closedAt === null ? null : format.time(closedAt)],
          [t.opened, k.by(poll.createdByName, format.time(poll.createdAt))],
        ]}
        actions={[isOpen && mayChange ? close : null]}
        edit={isOpen && mayChange ? { fields: updatePoll, run: (body) => call('updatePoll', { params, version, body }) } : null}
        remove={mayChange ? { run: () => call('deletePoll', { params, version }), to: `${place.address}/polls` } : null}
      />
      {isOpen && isElector && place.may('poll:vote') ? <BallotForm communityId={place.communityId} poll={poll} /> : null}
      {isOpen && !isElector ? <p className="muted">{t.notElector}</p> : null}
      <Result poll={poll} />
    </>
  );
};

/** One poll: the own ballot, and the result where it is shown. */
export const Screen = ({ params }: ScreenParts) => {
  const request = { params: { communityId: params['communityId'] ?? '', pollId: params['pollId'] ?? '' } };
  const read = useRead('getPoll', request, { everyMs: 5_000 });
  return (
    <CommunityScreen params={params} title={read.data?.question ?? ''}>
      {(place) => <Shown read={read}>{(poll) => <Opened place={place} poll={poll} />}</Shown>}
    </CommunityScreen>
  );
};
