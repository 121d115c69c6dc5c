import type { CommunityRight } from '@guildhall/contracts';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import type { Place } from './place.tsx';

const ruleTexts = defineTexts(
  {
    membership: 'The membership decides.',
    role: 'The role decides.',
    'trust-threshold': 'The trust score decides.',
    'poll-creators': 'The settings name who opens polls.',
    'dispute-councils': 'The settings name who handles disputes.',
    'metric-visibility': 'The settings say which metrics are shown.',
    why: 'Why can I not do this here?',
    isAllowed: 'Allowed',
    isRefused: 'Not allowed',
  },
  {
    membership: '由成员身份决定。',
    role: '由角色决定。',
    'trust-threshold': '由信任分决定。',
    'poll-creators': '由设置中的投票发起人名单决定。',
    'dispute-councils': '由设置中的争议处理方决定。',
    'metric-visibility': '由设置中的指标可见性决定。',
    why: '为什么我不能在此操作?',
    isAllowed: '允许',
    isRefused: '不允许',
  },
);

interface ExplanationParts {
  readonly communityId: string;
  readonly userId: string;
  readonly right: CommunityRight;
}

/** Shows whether a member may do something, and the rule that decides it. */
export const Explanation = ({ communityId, userId, right }: ExplanationParts) => {
  const t = useTexts(ruleTexts);
  const read = useRead('explainPermission', { params: { communityId }, query: { userId, permission: right } });
  return (
    <Shown read={read}>
      {({ isAllowed, rule, explanation }) => (
        <Notice look={isAllowed ? 'good' : 'warn'} title={isAllowed ? t.isAllowed : t.isRefused}>
          <p>{t[rule]}</p>
          <p lang="en">{explanation}</p>
        </Notice>
      )}
    </Shown>
  );
};

/** Says on request why the person may not do something that others may; nothing where they may. */
export const WhyNot = ({ place, right }: { readonly place: Place; readonly right: CommunityRight }) => {
  const t = useTexts(ruleTexts);
  const [isAsked, setAsked] = useState(false);
  const { communityId, ownId, may } = place;
  if (may(right) || !may('member:read')) return null;
  return isAsked ? (
    <Explanation communityId={communityId} userId={ownId} right={right} />
  ) : (
    <div>
      <Button look="quiet" onClick={() => setAsked(true)}>
        {t.why}
      </Button>
    </div>
  );
};
