import { useMemo } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Explorer } from '../audit/explorer.tsx';
import { auditTexts } from '../audit/texts.ts';
import { communityTrail, TrailOf } from '../audit/trail.ts';
import { CommunityScreen } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';

const Trail = ({ communityId }: { readonly communityId: string }) => {
  const trail = useMemo(() => communityTrail(communityId), [communityId]);
  return (
    <TrailOf value={trail}>
      <Explorer />
    </TrailOf>
  );
};

/** The audit trail of a community, for whoever may read it there. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(auditTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.communityLead}>
      {({ communityId }) => <Trail communityId={communityId} />}
    </CommunityScreen>
  );
};
