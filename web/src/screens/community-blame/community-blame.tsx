import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Shown } from '../../ui/states.tsx';
import { BlameFields, useBlameQuestion, whilePending } from '../audit-blame/blame-fields.tsx';
import { BlameView } from '../audit-blame/blame-view.tsx';
import { blameTexts } from '../audit-blame/texts.ts';
import { CommunityScreen } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';

const Answer = ({ communityId }: { readonly communityId: string }) => {
  const { value, to, setTo } = useBlameQuestion();
  const { type: resourceType = '', id: resourceId = '', path = '' } = value ?? {};
  const query = { resourceType, resourceId, path, ...(to === '' ? {} : { to }) };
  const read = useRead(
    'getCommunityAuditBlame',
    { params: { communityId }, query },
    { isOn: value !== null, everyMs: whilePending },
  );
  return (
    <>
      <BlameFields isAsked={value !== null} />
      {value === null ? null : (
        <Shown read={read}>{(blame) => <BlameView blame={blame} communityId={communityId} onOlder={setTo} />}</Shown>
      )}
    </>
  );
};

/** Says who set a value of a community, by its trail. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(blameTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead}>
      {({ communityId }) => <Answer communityId={communityId} />}
    </CommunityScreen>
  );
};
