import type { ChangeImpact as Impact, MemberImpact } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { impactTexts } from '../../kit/impact-texts.ts';
import { Impact as ImpactView, type ImpactRow } from '../../kit/impact.tsx';
import { Notice } from '../../ui/notice.tsx';

const rowOf = ({ userId, displayName, gains, losses, title }: MemberImpact): ImpactRow => ({
  id: userId,
  displayName,
  gains: gains.map(({ permission }) => permission),
  losses: losses.map(({ permission }) => permission),
  note: title === null ? null : `${title.before} → ${title.after}`,
});

interface ChangeImpactParts {
  readonly impact: Impact;
  readonly members: readonly MemberImpact[];
  readonly onMore: (() => void) | null;
}

/** Shows which members would gain or lose what, and what nobody could reach any more. */
export const ChangeImpact = ({ impact, members, onMore }: ChangeImpactParts) => {
  const t = useTexts(impactTexts);
  const { memberCount, unreachable, revokedInvites } = impact;
  return (
    <ImpactView summary={memberCount === 0 ? t.nobody : t.members(memberCount)} rows={members.map(rowOf)} onMore={onMore}>
      {unreachable.length === 0 ? null : (
        <Notice look="warn" title={t.unreachable}>
          <ul>
            {unreachable.map(({ name, explanation }) => (
              <li key={name}>
                <code>{name}</code> <span lang="en">{explanation}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {revokedInvites === 0 ? null : <p>{t.invites(revokedInvites)}</p>}
    </ImpactView>
  );
};
