import { call } from '../../api/call.ts';
import { listDisputesQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { CommunityScreen } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { disputeTexts } from './texts.ts';

const looks = { open: 'warn', resolved: 'good', withdrawn: 'info' } as const;

/** The disputes that the person is a side of or handles. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(disputeTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead}>
      {({ communityId, address }) => (
        <NounList
          list={['listDisputes', communityId]}
          read={(query) => call('listDisputes', { params: { communityId }, query })}
          filters={listDisputesQuery}
          none={t.none}
          noneText={t.noneText}
          row={({ id, wealthTitle, reason, status, createdByName, createdAt }) => ({
            title: wealthTitle,
            to: `${address}/disputes/${id}`,
            text: reason,
            badges: [{ text: optionOf(k, status), look: looks[status] }],
            note: k.by(createdByName, format.ago(createdAt)),
          })}
        />
      )}
    </CommunityScreen>
  );
};
