import type { ChangeImpact, MemberImpact } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../../ui/button.tsx';
import { impactTexts } from './impact-texts.ts';

const Member = ({ impact: { displayName, gains, losses, title } }: { readonly impact: MemberImpact }) => {
  const t = useTexts(impactTexts);
  return (
    <li className="row">
      <span className="row-title">{displayName}</span>
      {title === null ? null : <span className="badge">{t.titleChange(title.before, title.after)}</span>}
      {gains.map(({ permission }) => (
        <span key={permission} className="badge good">
          {t.gains} {permission}
        </span>
      ))}
      {losses.map(({ permission }) => (
        <span key={permission} className="badge bad">
          {t.loses} {permission}
        </span>
      ))}
    </li>
  );
};

interface ImpactParts {
  readonly impact: ChangeImpact;
  readonly members: readonly MemberImpact[];
  readonly onMore: (() => void) | null;
}

/** Shows who would gain or lose what by a change that was tried and not made. */
export const Impact = ({ impact, members, onMore }: ImpactParts) => {
  const t = useTexts(impactTexts);
  const { memberCount, unreachable, revokedInvites } = impact;
  return (
    <section aria-labelledby="impact">
      <h2 id="impact">{t.impact}</h2>
      <p role="status">{memberCount === 0 ? t.nobody : t.count(memberCount)}</p>
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
      {members.length === 0 ? null : (
        <ul className="rows">
          {members.map((member) => (
            <Member key={member.userId} impact={member} />
          ))}
        </ul>
      )}
      {onMore === null ? null : (
        <div>
          <Button onClick={onMore}>{t.more}</Button>
        </div>
      )}
    </section>
  );
};
