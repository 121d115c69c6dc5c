import type { Dispute } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { updateDispute } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { Detail } from '../../kit/detail.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Link } from '../../router/link.tsx';
import { Shown } from '../../ui/states.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { disputeTexts } from '../disputes/texts.ts';
import type { ScreenParts } from '../screens.ts';

const resolutionField = { resolution: { ...updateDispute.resolution, isRequired: true } } as const;

interface OpenedParts {
  readonly place: Place;
  readonly dispute: Dispute;
}

/** Asks whoever handles the dispute for its end. */
const Resolution = ({ place, dispute: { id: disputeId, version } }: OpenedParts) => {
  const t = useTexts(disputeTexts);
  const params = { communityId: place.communityId, disputeId };
  return (
    <div>
      <Creation
        label={t.resolve}
        action={t.resolve}
        fields={resolutionField}
        run={(body: { readonly resolution: string }) =>
          call('updateDispute', { params, version, body: { status: 'resolved', ...body } })
        }
      />
    </div>
  );
};

const Opened = ({ place, dispute }: OpenedParts) => {
  const t = useTexts(disputeTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { id, version, status, wealthId, wealthTitle } = dispute;
  const params = { communityId: place.communityId, disputeId: id };
  const isOpen = status === 'open';
  return (
    <>
      <Detail
        item={dispute}
        description={dispute.reason}
        badges={[{ text: optionOf(k, status), look: isOpen ? 'warn' : 'good' }]}
        facts={[
          [
            t.about,
            <Link key="about" to={`${place.address}/wealth/${wealthId}`}>
              {wealthTitle}
            </Link>,
          ],
          [t.opened, k.by(dispute.createdByName, format.time(dispute.createdAt))],
          [t.resolution, dispute.resolution],
          [t.resolvedBy, dispute.resolvedByName],
        ]}
        actions={[
          isOpen && dispute.createdBy === place.ownId
            ? { label: t.withdraw, run: () => call('updateDispute', { params, version, body: { status: 'withdrawn' } }) }
            : null,
        ]}
      />
      {isOpen && dispute.mayResolve ? <Resolution place={place} dispute={dispute} /> : null}
    </>
  );
};

/** One dispute, for its sides and for who handles it. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(disputeTexts);
  const request = { params: { communityId: params['communityId'] ?? '', disputeId: params['disputeId'] ?? '' } };
  const read = useRead('getDispute', request);
  return (
    <CommunityScreen params={params} title={t.name(read.data?.wealthTitle ?? '')}>
      {(place) => <Shown read={read}>{(dispute) => <Opened place={place} dispute={dispute} />}</Shown>}
    </CommunityScreen>
  );
};
